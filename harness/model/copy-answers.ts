import type { Micros } from "./clock.ts";

/** How a server was made to find the rows: by the index, or by looking at every row. */
export type AccessPath = "index" | "exact";

/** What one search found in one part of a table, on one server; nearest first. */
export interface CopyAnswer {
  /** The table, or one of its shards. */
  readonly part: string;
  readonly query: number;
  readonly ids: readonly number[];
  readonly distances: readonly number[];
}

/**
 * What one member of a group answered to the same searches at one moment, asked by itself and made to take one access
 * path: its own copy of the rows and of their index.
 */
export interface CopyReading {
  readonly table: string;
  /** The injection that it follows; null: before the first. */
  readonly injection: number | null;
  readonly atUs: Micros;
  readonly group: string;
  readonly member: string;
  /** By its own word; null: it did not say. */
  readonly role: "primary" | "standby" | null;
  readonly path: AccessPath;
  /** Asked a second time in a row, to see whether the same server gives the same rows twice. */
  readonly again: boolean;
  /** Rows that each search asks for, where there are as many. */
  readonly rows: number;
  /** How its EXPLAIN says that the parts are read, each way once: "Index Scan using vector_knn_embedding". */
  readonly plan: readonly string[];
  /** Every part is read the way that was asked for. */
  readonly taken: boolean;
  /** Of the searched indexes on that server, all parts together; null: not known. Bytes. */
  readonly indexBytes: number | null;
  readonly answers: readonly CopyAnswer[];
  /** The server refused to answer: SQLSTATE and its words; null: it did not. */
  readonly refused: string | null;
  /** Why it could not be asked; null: it was. */
  readonly problem: string | null;
}
