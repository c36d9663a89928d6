import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { UsageError } from "../model/errors.ts";
import { counted, formatNumber } from "../model/format-value.ts";
import { type AskedFile, type Matrix, PIECE_BYTES, rowsPerPiece } from "./matrix.ts";
import { openFile } from "./open-file.ts";

/** Rows and columns, as little-endian uint32. */
const HEADER_BYTES = 8;

/** What follows the header. */
interface Layout {
  /** What a row holds, in the plural. */
  readonly numbers: string;
  readonly element: "float32" | "uint8" | "uint32";
  /** Bytes for each number that may follow all of them, such as those of the distances after ids; each is a size that the file may have. */
  readonly further: readonly number[];
}

/** Vectors of the big-ann-benchmarks: rows, dimension, then all numbers, row by row. */
export const fbin: Layout = { numbers: "float32", element: "float32", further: [0] };
export const u8bin: Layout = { numbers: "uint8", element: "uint8", further: [0] };
/** Their ground truth: queries, neighbours of each, then all ids, and then all distances unless they are left out. */
export const neighboursBin: Layout = { numbers: "uint32 ids", element: "uint32", further: [4, 0] };

/** A matrix in the big-ann-benchmarks' form. A UsageError where the file is not there, or is of another size than it says. */
export async function openBinaryMatrix(asked: AskedFile, layout: Layout): Promise<Matrix & AsyncDisposable> {
  const handle = await openFile(asked);
  try {
    return await readHeader(handle, asked, layout);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(
  handle: FileHandle,
  { where, path }: AskedFile,
  { numbers, element, further }: Layout,
): Promise<Matrix & AsyncDisposable> {
  const { size: bytes } = await handle.stat();
  const refuse = (expected: string, found: string, suggestion: string): never => {
    const message = `expected ${expected} in ${path}, found ${found}.`;
    throw new UsageError([{ where, message, suggestion }]);
  };
  if (bytes < HEADER_BYTES)
    refuse(
      `${HEADER_BYTES} bytes and more, rows and columns first,`,
      counted(bytes, "byte"),
      "Copy or download it anew.",
    );
  const header = await readBytes(handle, 0, HEADER_BYTES);
  const [rows, columns] = [header.readUInt32LE(0), header.readUInt32LE(4)];
  if (rows === 0 || columns === 0)
    refuse(
      "at least one row of at least one number",
      `${formatNumber(rows)} rows of ${formatNumber(columns)} by its header`,
      "Give a file in the form of the big-ann-benchmarks: uint32 rows, uint32 columns, then all numbers.",
    );
  const width = { float32: 4, uint8: 1, uint32: 4 }[element];
  const sizes = further.map((each) => HEADER_BYTES + rows * columns * (width + each));
  if (!sizes.includes(bytes)) {
    const expected = sizes.map(formatNumber).join(" or ");
    const isShort = bytes < Math.min(...sizes);
    refuse(
      `${expected} bytes for ${formatNumber(rows)} rows of ${formatNumber(columns)} ${numbers}`,
      isShort
        ? `${formatNumber(bytes)}: it is cut short`
        : `${formatNumber(bytes)}: something follows the last row`,
      isShort
        ? "Copy or download it anew; or is its name's ending that of another form?"
        : "Cut what is behind the last row off; or is its name's ending that of another form?",
    );
  }
  const rowBytes = columns * width;
  const numbersIn = (read: Buffer<ArrayBuffer>): ArrayLike<number> => {
    if (element === "uint8") return read;
    const View = element === "float32" ? Float32Array : Uint32Array;
    return new View(read.buffer, read.byteOffset, read.byteLength / width);
  };
  return {
    rows,
    columns,
    bytes,
    read: async (from, count) =>
      numbersIn(await readBytes(handle, HEADER_BYTES + from * rowBytes, count * rowBytes)),
    scan: async (wanted, take) => {
      const hash = createHash("sha256").update(header);
      const perPiece = rowsPerPiece(rowBytes);
      for (let from = 0; from < rows; from += perPiece) {
        const count = Math.min(perPiece, rows - from);
        const read = await readBytes(handle, HEADER_BYTES + from * rowBytes, count * rowBytes);
        hash.update(read);
        if (from < wanted) take(from, numbersIn(read.subarray(0, Math.min(count, wanted - from) * rowBytes)));
      }
      for (let at = HEADER_BYTES + rows * rowBytes; at < bytes; at += PIECE_BYTES)
        hash.update(await readBytes(handle, at, Math.min(PIECE_BYTES, bytes - at)));
      return hash.digest("hex");
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** In memory of its own, so that numbers of four bytes begin where they must. */
async function readBytes(handle: FileHandle, from: number, count: number): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.from(new ArrayBuffer(count));
  for (let filled = 0; filled < count;) {
    const { bytesRead } = await handle.read(buffer, filled, count - filled, from + filled);
    if (bytesRead === 0)
      throw new RangeError(
        `Expected ${count} bytes from byte ${from} on, found the file's end after ${filled}`,
      );
    filled += bytesRead;
  }
  return buffer;
}
