/** A deterministic source of chance in [0, 1). */
export type Random = () => number;

/** A table as a workload wants it; the sharding dialect decides how it is made. */
export interface TableSpec {
  readonly name: string;
  /** Column definitions without constraints, in order: `["id", "bigint not null"]`. */
  readonly columns: readonly (readonly [name: string, definition: string])[];
  readonly primaryKey: readonly string[];
  /** Column that decides the shard; null: the table lives on the coordinators alone. */
  readonly distributionColumn: string | null;
}

/** One operation of a workload: a single statement. */
export interface WorkloadOperation {
  readonly name: string;
  readonly kind: "read" | "write";
  /** Share of the mix, in any unit; shares are divided by their sum. */
  readonly weight: number;
  readonly sql: string;
  /** Values for $1, $2, ...; `id` is the operation's number in its stream. */
  readonly parameters: (id: number, random: Random) => readonly (string | number)[];
  /** The table whose `id` column holds this operation's acknowledged writes; null for others. */
  readonly ledgerTable: string | null;
}

/** One file: tables, data, operations. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly tables: readonly TableSpec[];
  /** Statements that fill the tables, run once through the client's way in. */
  readonly seed: readonly string[];
  readonly operations: readonly WorkloadOperation[];
}
