/** Numbers in rows of equal length, in a file that is never read whole. */
export interface Matrix {
  readonly rows: number;
  /** Numbers of each row. */
  readonly columns: number;
  /** Size of the whole file. */
  readonly bytes: number;
  /** So many rows from this one on (counted from 0), their numbers one after the other. */
  read(from: number, count: number): Promise<ArrayLike<number>>;
  /**
   * Goes through the whole file: hands over the first `rows` rows, some at a time, in order. Resolves with the SHA-256 of the
   * file's content.
   */
  scan(rows: number, take: (from: number, numbers: ArrayLike<number>) => void): Promise<string>;
}

/** A file, and where it was asked for: a problem with it is told there. */
export interface AskedFile {
  /** As `benchmark.parameters.data`. */
  readonly where: string;
  readonly path: string;
}

/** Bytes that are read at a time. */
export const PIECE_BYTES = 4 * 2 ** 20;

/** Rows that are read at a time. */
export function rowsPerPiece(rowBytes: number): number {
  return Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
}

/** How to do without the ground truth. */
export const LEAVE_OUT =
  "To have exact answers found by an exact scan instead, use --set benchmark.parameters.exactAnswers=0.";
