import type { Endpoint } from "../model/layout.ts";
import type { TableSpec } from "../model/workload.ts";

/**
 * The probes' own table. It lives on the coordinators alone, so that a row that is missing afterwards was lost
 * by their replication and by nothing else.
 */
export const ledgerTable = {
  name: "dpg_ledger",
  columns: [["id", "bigint not null"]],
  primaryKey: ["id"],
  distributionColumn: null,
} as const satisfies TableSpec;

/** A probe: one statement with one parameter, and the client's way in that it takes. */
export interface ProbeStatement {
  readonly kind: "read" | "write";
  readonly endpoint: "readWrite" | "readOnly";
  readonly sql: string;
  readonly parameters: (id: number) => readonly number[];
  readonly ledgerTable: string | null;
}

/** Writes its own number: the row is the receipt. Through HAProxy's read-write port. */
export const writeProbe: ProbeStatement = {
  kind: "write",
  endpoint: "readWrite",
  sql: `insert into ${ledgerTable.name} (id) values ($1)`,
  parameters: (id) => [id],
  ledgerTable: ledgerTable.name,
};

/**
 * Reads one row by key through HAProxy's read-only port. It asks for the first write's row: the work is the same
 * from the first second to the last, and a replica that lags answers too (an empty answer counts as served).
 */
export const readProbe: ProbeStatement = {
  kind: "read",
  endpoint: "readOnly",
  sql: `select id from ${ledgerTable.name} where id = $1`,
  parameters: () => [1],
  ledgerTable: null,
};

/** Which of two entries a probe or an operation takes. */
export function entryOf(
  endpoints: { readonly readWrite: Endpoint; readonly readOnly: Endpoint },
  endpoint: ProbeStatement["endpoint"],
): Endpoint {
  return endpoint === "readWrite" ? endpoints.readWrite : endpoints.readOnly;
}
