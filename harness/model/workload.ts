/** A deterministic source of chance in [0, 1). */
export type Random = () => number;

/**
 * Where a table's rows live; the sharding dialect sees to it, and without one every table is whole on the coordinators.
 * `local`: on the coordinators alone. `reference`: a copy on every node, so that it can be joined wherever a shard is.
 * `{ column }`: distributed over shards by a hash of the column. Distributed tables whose columns are of one type are
 * co-located: rows with equal values live on the same node.
 */
export type Distribution = "local" | "reference" | { readonly column: string };

/** A secondary index; made where the rows are, after the table was filled, or after the load (see Workload.indexedAfterLoad). */
export interface IndexSpec {
  readonly name: string;
  /** What follows the table's name in CREATE INDEX: `using hnsw (embedding vector_l2_ops) with (m = 16)`. */
  readonly definition: string;
  /** maintenance_work_mem while it is made, MiB; left out: the server's. */
  readonly memoryMb?: number;
}

/** A table as a workload wants it; the sharding dialect decides how it is made. */
export interface TableSpec {
  readonly name: string;
  /** Column definitions without constraints, in order: `["id", "bigint not null"]`. */
  readonly columns: readonly (readonly [name: string, definition: string])[];
  /** Empty: none. */
  readonly primaryKey: readonly string[];
  readonly distribution: Distribution;
  /** Left out: none. */
  readonly indexes?: readonly IndexSpec[];
  /** Rows that its queries want of a shard at once, where a dialect fetches them in parts; left out: as many as it likes. */
  readonly rowsAtOnce?: number;
}

/** A value drawn anew for each operation, in words that every engine can say (pgbench's `\set`, a k6 script, ours). */
export type Variable = { readonly name: string } &
  /** The operation's own number: unique in a run, ascending. */
  (
    | { readonly kind: "id" }
    /** `plus + id % modulo`. */
    | { readonly kind: "id-modulo"; readonly modulo: number; readonly plus: number }
    /** A whole number, both ends included, each equally likely. */
    | { readonly kind: "uniform"; readonly from: number; readonly to: number }
    /** The same, `from` the likeliest: the k-th with a probability in proportion to k ^ -exponent, which is above 1. */
    | { readonly kind: "zipf"; readonly from: number; readonly to: number; readonly exponent: number }
    | { readonly kind: "choice"; readonly values: readonly string[] }
    /** So many numbers from -1 to 1, as pgvector writes a vector. */
    | { readonly kind: "vector"; readonly dimension: number }
    /** Random letters a-p. */
    | { readonly kind: "text"; readonly length: number }
  );

/** A statement with its values: `uses` names the variables for $1, $2, ... */
export interface Statement {
  readonly sql: string;
  readonly uses: readonly string[];
}

/**
 * One operation of a workload. `statement`: one statement, its own transaction. `transaction`: `begin`, the statements
 * one round trip each, `commit`. `copy`: one COPY ... FROM STDIN of `rows` rows, whose columns are `uses`.
 */
export interface WorkloadOperation {
  readonly name: string;
  readonly kind: "read" | "write";
  /** Which way in it takes; writes always `readWrite`. */
  readonly endpoint: "readWrite" | "readOnly";
  /** Share of the mix, in any unit; shares are divided by their sum. */
  readonly weight: number;
  readonly form: "statement" | "transaction" | "copy";
  /** Drawn in this order. */
  readonly variables: readonly Variable[];
  /** Exactly one unless `transaction`. */
  readonly statements: readonly Statement[];
  /** Its COPY is in binary format: numbers go as bigint. Not given: in text format. */
  readonly binary?: true;
  /** Rows of one COPY; 0 for other forms. */
  readonly rows: number;
  /** Its own client-side bound instead of the load's; null: the load's. Milliseconds. */
  readonly timeoutMs: number | null;
  /** The table whose `id` column holds this operation's acknowledged writes; null for others. */
  readonly ledgerTable: string | null;
  /** What its answers are compared with; not given: they are not looked at. */
  readonly search?: SearchSpec;
}

/**
 * A search for the rows that are nearest to a query, whose answers can be compared with the exact ones. Its statement gives
 * `id` and `distance`, nearest first.
 */
export interface SearchSpec {
  /** Its variable that holds the query's number. */
  readonly query: string;
  /** Rows that an answer must have. */
  readonly rows: number;
  /** Gives, for each query, `query` and `distances`: those of its nearest `rows` rows, ascending. */
  readonly truth: string;
  /** Rows with ids above this come and go while the search runs, and are in no truth. */
  readonly lastLastingId: number;
  /** One in how many of its answers is kept; 0: none. */
  readonly keepsOneIn: number;
  /** How each copy of the table, and each of its shards, can be asked by itself. */
  readonly copies: {
    readonly table: string;
    /** The table, of `id` and the vector's column, that its statement takes the query's vector from. */
    readonly queries: string;
    readonly vector: string;
    /** The same search by whole vectors, whatever the index holds of them: what an exact scan is asked. */
    readonly exact: string;
  };
}

/** Rows of a user's file that go into a table. */
export interface FileFill {
  readonly of: "base" | "queries" | "groundTruth";
  /** What is filled, to be told meanwhile. */
  readonly table: string;
  /** The file's first row that is taken (counted from 0), and how many are. */
  readonly from: number;
  readonly rows: number;
  /** Numbers that are taken of each row, from its first one. */
  readonly columns: number;
  /** Added to each number: ids begin at 1, and rows in files at 0. */
  readonly plus: 0 | 1;
  /** The id of the first row. */
  readonly firstId: number;
  /** Safe to run again. Reads rows of `id` and `value`, the numbers as a text without brackets, from `FILE_ROWS`. */
  readonly sql: string;
}

/** What became of an operation over all stages on one cluster, warm-up and all. */
export interface OperationCount {
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
}

/** What must be true of the data after the operations, whatever they met on the way. */
export interface Invariant {
  readonly title: string;
  /** Gives one row with one number, `found`. */
  readonly sql: string;
  /**
   * The operation whose acknowledged writes it counts; null: none. Where their rows carry their numbers (`ledgerTable`),
   * and the engine tells what became of each, ids are compared instead.
   */
  readonly counted: string | null;
  /** Names the first things that break it: rows with one text, `named`. Asked only where it is broken; left out: it cannot. */
  readonly naming?: string;
  /** Bounds on `found`, both included; `counts` by operation's name. */
  readonly bounds: (counts: Readonly<Record<string, OperationCount>>) => {
    readonly atLeast: number;
    readonly atMost: number;
  };
}

/** Which failures are tried again. The operation's latency counts from its first attempt's intended start. */
export interface RetryPolicy {
  /** SQLSTATEs and client codes, such as `40001`, `40P01`, `CONNECTION_LOST`. */
  readonly codes: readonly string[];
  /** Attempts in all, the first one included. */
  readonly attempts: number;
}

/** Tables, data, operations, and what must still be true afterwards. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly tables: readonly TableSpec[];
  /**
   * Statements that fill the tables, run in order through the client's way in, each in its own transaction; safe to
   * run again when some of it is there. Same text, same data.
   */
  readonly seed: readonly string[];
  /** Filled before `seed`, in this order; left out: nothing is read from files. */
  readonly filledFromFiles?: readonly FileFill[] | undefined;
  /** Tables whose statements in `seed` are long, need not be run in order and may run two at a time; left out: none. */
  readonly filledInAnyOrder?: readonly string[];
  /** About how much the seeded data takes with its indexes, for the ratio of memory to data. Bytes. */
  readonly dataBytes: number;
  readonly operations: readonly WorkloadOperation[];
  readonly retry: RetryPolicy | null;
  readonly invariants: readonly Invariant[];
  /**
   * Settings of PostgreSQL that its sessions have on every node, workers too, by their own names; not given: none. Another
   * value of the same setting is other load on the same data.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /** It needs a vector extension. */
  readonly usesVectors?: true;
  /**
   * Its secondary indexes are made after its stages and not before, and then it is seen when they answer `search`; left out:
   * they are made when the tables are filled.
   */
  readonly indexedAfterLoad?: { readonly table: string; readonly search: string };
}

/** A number that a workload can be asked with. */
export interface WorkloadParameter {
  readonly meaning: string;
  /** What its values are called, from 0 on: given in the place of the number. Left out: they are amounts. */
  readonly names?: readonly string[];
  readonly default: number;
  readonly least: number;
  readonly most: number;
}

/** One file of the catalogue: a workload for given values of its parameters. */
export interface WorkloadDefinition {
  readonly name: string;
  readonly summary: string;
  readonly parameters: Readonly<Record<string, WorkloadParameter>>;
  /** Its vectors may be read from a user's files, whose paths its parameter `data` and others are given. */
  readonly takesVectorFiles?: true;
  /** `values` has every parameter. */
  readonly build: (values: Readonly<Record<string, number>>) => Workload;
  /** What is wrong with values that are each within their bounds, a sentence for each; not given: nothing can be. */
  readonly check?: (values: Readonly<Record<string, number>>) => readonly {
    readonly parameter: string;
    readonly message: string;
  }[];
}
