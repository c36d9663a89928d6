import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import type { VectorFile } from "../model/benchmark.ts";
import { UsageError } from "../model/errors.ts";
import { fbin, neighboursBin, openBinaryMatrix, u8bin } from "./binary-matrix.ts";
import { type Hdf5DataSet, openHdf5 } from "./hdf5-file.ts";
import { type AskedFile, type Matrix, PIECE_BYTES } from "./matrix.ts";

/** Which of the files it is. */
export type VectorFileUse = "base" | "queries" | "groundTruth";

/** A file that is open, and what it says of itself. */
export interface OpenVectorFile extends AsyncDisposable {
  readonly format: VectorFile["format"];
  /** The distance that it names; null: it names none. */
  readonly distance: string | null;
  readonly matrix: Matrix;
}

/** Whether a file is one of ann-benchmarks, by its name: those hold queries and ground truth too. */
export function isHdf5(file: string): boolean {
  return formatOf(file) === "hdf5";
}

/**
 * Opens a file in the form that its name's ending says. A UsageError where that is not its form. `hash` gives the SHA-256 of
 * a file that is not read in order: one for several uses of the same file reads it once.
 */
export async function openVectorFile(
  asked: AskedFile,
  use: VectorFileUse,
  hash: (path: string) => Promise<string> = sha256Of,
): Promise<OpenVectorFile> {
  const format = formatOf(asked.path);
  const takes = use === "groundTruth" ? ["bin", "hdf5"] : ["fbin", "u8bin", "hdf5"];
  if (format === null || !takes.includes(format)) {
    const endings = use === "groundTruth" ? ".bin, .ibin, .hdf5 or .h5" : ".fbin, .u8bin, .hdf5 or .h5";
    const message = `expected the path of a file whose name ends in ${endings}, found ${JSON.stringify(asked.path)}.`;
    throw new UsageError([{ where: asked.where, message }]);
  }
  if (format === "hdf5") return await openDataSet(asked, dataSets[use], hash);
  const layout = { fbin, u8bin, bin: neighboursBin }[format];
  const matrix = await openBinaryMatrix(asked, layout);
  return {
    format,
    distance: null,
    matrix,
    [Symbol.asyncDispose]: () => matrix[Symbol.asyncDispose](),
  };
}

const dataSets: Readonly<Record<VectorFileUse, Hdf5DataSet>> = {
  base: "train",
  queries: "test",
  groundTruth: "neighbors",
};

async function openDataSet(
  asked: AskedFile,
  name: Hdf5DataSet,
  hash: (path: string) => Promise<string>,
): Promise<OpenVectorFile> {
  const file = await openHdf5(asked, hash);
  try {
    const matrix = file.matrix(name);
    const { distance } = file;
    return { format: "hdf5", distance, matrix, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** SHA-256 of a file's content, in hexadecimal digits. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES }))
    hash.update(piece as Buffer);
  return hash.digest("hex");
}

function formatOf(file: string): VectorFile["format"] | null {
  const formats: Readonly<Record<string, VectorFile["format"]>> = {
    ".fbin": "fbin",
    ".u8bin": "u8bin",
    ".bin": "bin",
    ".ibin": "bin",
    ".hdf5": "hdf5",
    ".h5": "hdf5",
  };
  return formats[path.extname(file).toLowerCase()] ?? null;
}
