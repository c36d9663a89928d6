import type { Endpoint } from "../model/layout.ts";
import type { Acknowledgement } from "../model/sample.ts";
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
  /** Who acknowledged, from the answer's rows; null where they do not say. */
  readonly acknowledgement: (rows: readonly Readonly<Record<string, unknown>>[]) => Acknowledgement | null;
}

/**
 * Writes its own number: the row is the receipt. Through HAProxy's read-write port. The answer says on which timeline
 * (the first eight digits of the name of the file that its WAL goes to; pg_control_checkpoint() lags behind a
 * promotion) and by which server it was written: a pooler's connection may lead to another one than the time before.
 */
export const writeProbe: ProbeStatement = {
  kind: "write",
  endpoint: "readWrite",
  sql:
    `insert into ${ledgerTable.name} (id) values ($1) ` +
    "returning left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline, host(inet_server_addr()) as address",
  parameters: (id) => [id],
  ledgerTable: ledgerTable.name,
  acknowledgement: ([row]) => {
    const timeline = typeof row?.timeline === "string" ? Number.parseInt(row.timeline, 16) : NaN;
    if (Number.isNaN(timeline)) return null;
    return { timeline, address: typeof row?.address === "string" ? row.address : null };
  },
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
  acknowledgement: () => null,
};

/** Which of two entries a probe or an operation takes. */
export function entryOf(
  endpoints: { readonly readWrite: Endpoint; readonly readOnly: Endpoint },
  endpoint: ProbeStatement["endpoint"],
): Endpoint {
  return endpoint === "readWrite" ? endpoints.readWrite : endpoints.readOnly;
}
