import type { VectorFile } from "../model/benchmark.ts";
import { HarnessError, UsageError } from "../model/errors.ts";
import type { FileFill } from "../model/workload.ts";
import { type OpenVectorFile, openVectorFile } from "../vector-files/open-vector-file.ts";
import { float4Text, rowsPerFill, withFileRows } from "../workloads/file-rows.ts";

/** The rows of a file that fill a table. */
export interface FileRows extends AsyncDisposable {
  /** The statement for the rows after so many, and how many it fills. */
  statement(done: number): Promise<{ readonly sql: string; readonly count: number }>;
}

/** Opens a file of the plan once more. A HarnessError where it is not as it was when the plan was made. */
export async function openFileRows(fill: FileFill, file: VectorFile): Promise<FileRows> {
  const opened = await openAsPlanned(fill, file);
  const { matrix } = opened;
  const perStatement = rowsPerFill(fill.columns);
  return {
    statement: async (done) => {
      const count = Math.min(perStatement, fill.rows - done);
      const numbers = await matrix.read(fill.from + done, count);
      const lines = Array.from({ length: count }, (_, row) => lineOf(numbers, row * matrix.columns, fill));
      return { sql: withFileRows(fill, fill.firstId + done, lines), count };
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

function lineOf(numbers: ArrayLike<number>, from: number, { columns, plus, of }: FileFill): string {
  const text = of === "groundTruth" ? String : float4Text;
  let line = "";
  for (let at = 0; at < columns; at += 1)
    line += `${at === 0 ? "" : ","}${text((numbers[from + at] ?? NaN) + plus)}`;
  return line;
}

async function openAsPlanned({ of }: FileFill, file: VectorFile): Promise<OpenVectorFile> {
  const changed = (found: string): HarnessError =>
    new HarnessError({
      code: "file-changed",
      message: `Expected ${file.path} to be as it was when the run was planned, found ${found}.`,
      hint: "Leave the file alone while a run is prepared, and run it again.",
    });
  const opened = await openVectorFile({ where: of, path: file.path }, of).catch((error: unknown) => {
    throw error instanceof UsageError ? changed(error.message) : error;
  });
  const { rows, columns, bytes } = opened.matrix;
  if (rows === file.rows && columns === file.columns && bytes === file.bytes) return opened;
  await opened[Symbol.asyncDispose]();
  throw changed(`${rows} rows of ${columns} in ${bytes} bytes`);
}
