import type { Micros } from "./clock.ts";

/** One answer of a search that was kept: what it gave, nearest first. */
export interface SearchAnswer {
  /** Number of the query. */
  readonly query: number;
  /** When it was to begin. */
  readonly intendedUs: Micros;
  readonly ids: readonly number[];
  readonly distances: readonly number[];
}

/** What answers to one query are compared with, on one variant: found by an exact scan, or named by ground truth, when the tables were filled. */
export interface ExactAnswer {
  readonly variant: string;
  readonly operation: string;
  readonly query: number;
  /** Rows that an answer must have. */
  readonly rows: number;
  /** Rows with ids above this come and go, and are not in it. */
  readonly lastLastingId: number;
  /** Of the nearest rows, ascending; fewer than `rows` where there are no more. */
  readonly distances: readonly number[];
}
