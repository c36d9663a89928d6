import type { FileHandle } from "node:fs/promises";
import type { Dataset, File } from "h5wasm/node";
import { UsageError } from "../model/errors.ts";
import { formatNumber, listed } from "../model/format-value.ts";
import { type AskedFile, LEAVE_OUT, type Matrix, rowsPerPiece } from "./matrix.ts";
import { openFile } from "./open-file.ts";

/** An HDF5 file in the form of ann-benchmarks. */
export interface Hdf5File extends AsyncDisposable {
  /** What its attribute `distance` says; null: nothing. */
  readonly distance: string | null;
  /** One of its data sets. A UsageError where there is none of that name, or it is no table of numbers. */
  matrix(name: Hdf5DataSet): Matrix;
}

/** The data sets of ann-benchmarks that are read here: base vectors, queries, and the rows nearest to each query. */
export type Hdf5DataSet = "train" | "test" | "neighbors";

/**
 * Opens an HDF5 file; its library is loaded with the first one. `hash` gives a file's SHA-256. A UsageError where it is none,
 * or cut short.
 */
export async function openHdf5(asked: AskedFile, hash: (path: string) => Promise<string>): Promise<Hdf5File> {
  const { where, path } = asked;
  const handle = await openFile(asked);
  let bytes: number;
  try {
    ({ size: bytes } = await handle.stat());
    if (!(await hasSignature(handle, bytes)))
      throw new UsageError([
        {
          where,
          message: `expected an HDF5 file at ${path}, found none of its signature.`,
          suggestion: "Was the download a page instead of the file, or is it still compressed?",
        },
      ]);
  } finally {
    await handle.close();
  }
  const { open, isDataset } = await loadLibrary();
  const file = naming(asked, "be opened", () => open(path));
  const distance = file.attrs.distance?.value;
  return {
    distance: typeof distance === "string" ? distance : null,
    matrix: (name) => {
      const found = file.keys().includes(name) ? file.get(name) : null;
      if (!isDataset(found)) throw missing(asked, name, file.keys());
      return matrixOf(found, { asked, name, bytes, hash: () => hash(path) });
    },
    [Symbol.asyncDispose]: () => {
      file.close();
      return Promise.resolve();
    },
  };
}

/** HDF5's classes of types. */
const NUMBER_CLASSES = [0, 1];

function matrixOf(
  dataset: Dataset,
  {
    asked,
    name,
    bytes,
    hash,
  }: {
    readonly asked: AskedFile;
    readonly name: Hdf5DataSet;
    readonly bytes: number;
    readonly hash: () => Promise<string>;
  },
): Matrix {
  const { shape, type, size } = dataset.metadata;
  const [rows = 0, columns = 0] = shape ?? [];
  if (shape?.length !== 2 || !NUMBER_CLASSES.includes(type) || rows === 0 || columns === 0)
    throw new UsageError([
      {
        where: asked.where,
        message: `expected the data set "${name}" of ${asked.path} to be a table of numbers with at least one row and column, found ${
          NUMBER_CLASSES.includes(type) ? "numbers" : "something else than numbers"
        } of shape ${shape === null ? "null" : shape.map((each) => formatNumber(each)).join(" x ")}.`,
        suggestion: "Give a file in the form of ann-benchmarks, of dense vectors.",
      },
    ]);
  const read = (from: number, count: number): ArrayLike<number> =>
    naming(asked, `give rows ${from} to ${from + count - 1} of "${name}"`, () => {
      const slice = dataset.slice([
        [from, from + count],
        [0, columns],
      ]);
      if (!ArrayBuffer.isView(slice)) throw new TypeError("no numbers");
      return slice instanceof BigInt64Array || slice instanceof BigUint64Array
        ? Float64Array.from(slice, Number)
        : slice;
    });
  return {
    rows,
    columns,
    bytes,
    // In promises alone, as for other forms.
    read: async (from, count) => await Promise.resolve(read(from, count)),
    scan: async (wanted, take) => {
      const digest = await hash();
      const perPiece = rowsPerPiece(columns * size);
      for (let from = 0; from < wanted; from += perPiece)
        take(from, read(from, Math.min(perPiece, wanted - from)));
      return digest;
    },
  };
}

/** The library prints what fails, unless it is told to throw it. */
async function loadLibrary() {
  const library = await import("h5wasm/node");
  (await library.ready).activate_throwing_error_handler();
  return {
    open: (path: string): File => new library.File(path, "r"),
    isDataset: (found: unknown): found is Dataset => found instanceof library.Dataset,
  };
}

const SIGNATURE = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);

/** It stands at the beginning, or at byte 512, 1024, 2048 ... behind what a user put there. */
async function hasSignature(handle: FileHandle, bytes: number): Promise<boolean> {
  const found = Buffer.alloc(SIGNATURE.length);
  for (let at = 0; at + SIGNATURE.length <= bytes; at = at === 0 ? 512 : at * 2) {
    await handle.read(found, 0, SIGNATURE.length, at);
    if (found.equals(SIGNATURE)) return true;
  }
  return false;
}

/** What the library throws is a stack of its own, innermost cause last: only that is told. */
function naming<T>({ where, path }: AskedFile, purpose: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const cause = [...text.matchAll(/^ *#\d+: .*\(\): (.*)$/gm)].at(-1)?.[1] ?? text.split("\n")[0];
    const message = `expected ${path} to ${purpose}, found: ${cause}.`;
    throw new UsageError([{ where, message, suggestion: "Copy or download it anew." }]);
  }
}

function missing({ where, path }: AskedFile, name: string, found: readonly string[]): UsageError {
  const there = found.length === 0 ? "nothing" : listed(found, "and");
  return new UsageError([
    {
      where,
      message: `expected a data set "${name}" in ${path}, found ${there}.`,
      suggestion:
        name === "neighbors"
          ? LEAVE_OUT
          : "ann-benchmarks' files have train (the rows), test (the queries) and neighbors (the ground truth).",
    },
  ]);
}
