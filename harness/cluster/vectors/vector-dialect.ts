import type { DatabaseNeeds } from "../database-needs.ts";

/** A vector extension: what it asks of each PostgreSQL. */
export interface VectorDialectSetup extends DatabaseNeeds {
  /** Its name in the database; null: there is none. */
  readonly extension: string | null;
  /** Statements after which a session has its library, and so knows its settings. */
  readonly load: readonly string[];
  /** Words of its own for pgvector's, in which workloads are written; null: none. */
  readonly words: VectorWords | null;
}

/**
 * What pgvector's words are called in another extension. Where that differs between its versions, all that it may be
 * called, the newest first: the live catalogue is asked which it is.
 */
export interface VectorWords {
  readonly type: string;
  /** Of `vector_l2_ops` and the like: what stands for `vector_`. */
  readonly operatorClassPrefix: string;
  readonly accessMethods: Readonly<Record<string, readonly string[]>>;
  readonly settings: Readonly<Record<string, readonly string[]>>;
}
