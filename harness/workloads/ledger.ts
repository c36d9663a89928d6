import type { Acknowledgement } from "../model/sample.ts";
import type { TableSpec, Variable, WorkloadOperation } from "../model/workload.ts";
import { statementOperation } from "./statement-operation.ts";

/**
 * The probes' own table. It lives on the coordinators alone, so that a row that is missing afterwards was lost
 * by their replication and by nothing else.
 */
export const ledgerTable = {
  name: "dpg_ledger",
  columns: [["id", "bigint not null"]],
  primaryKey: ["id"],
  distribution: "local",
} as const satisfies TableSpec;

/** The table of the probes of worker groups. All rows of one `shard_key` live in one shard. */
export const shardLedgerTable = {
  name: "dpg_shard_ledger",
  columns: [
    ["shard_key", "bigint not null"],
    ["id", "bigint not null"],
  ],
  primaryKey: ["shard_key", "id"],
  distribution: { column: "shard_key" },
} as const satisfies TableSpec;

/** The table of the writer that is connected to this member itself. Its own, since each stream counts from 1. */
export function directLedgerTable(member: string): TableSpec {
  return { ...ledgerTable, name: `dpg_ledger_of_${member.replaceAll("-", "_")}` };
}

/** A probe: one operation that is sent again and again, by the client's way in that it takes. */
export interface Probe {
  readonly operation: WorkloadOperation;
  /** Who acknowledged, from the row of its answer; null where that does not say. Left out: it is not asked. */
  readonly acknowledgement?: (row: readonly (string | null)[] | null) => Acknowledgement | null;
}

/**
 * Writes its own number: the row is the receipt. Through HAProxy's read-write port. The answer says on which timeline
 * (the first eight digits of the name of the file that its WAL goes to; pg_control_checkpoint() lags behind a
 * promotion) and by which server it was written: a pooler's connection may lead to another one than the time before.
 */
export const writeProbe = writerTo("write-probe", ledgerTable.name);

/** The same, to the table of one member's own writer. */
export function directWriter(member: string): Probe {
  return writerTo("direct-writer", directLedgerTable(member).name);
}

function writerTo(name: string, table: string) {
  return {
    operation: {
      ...statementOperation({
        name,
        kind: "write",
        endpoint: "readWrite",
        weight: 1,
        variables: [{ name: "id", kind: "id" }],
        statement: {
          sql:
            `insert into ${table} (id) values ($1) ` +
            "returning left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline, host(inet_server_addr()) as address",
          uses: ["id"],
        },
      }),
      ledgerTable: table,
    },
    acknowledgement: (row) => {
      const [timeline, address] = row ?? [];
      const number = Number.parseInt(timeline ?? "", 16);
      return Number.isNaN(number) ? null : { timeline: number, address: address ?? null };
    },
  } satisfies Probe;
}

/**
 * Reads one row by key through HAProxy's read-only port. It asks for the first write's row: the work is the same
 * from the first second to the last, and a replica that lags answers too (an empty answer counts as served).
 */
export const readProbe: Probe = {
  operation: statementOperation({
    name: "read-probe",
    kind: "read",
    endpoint: "readOnly",
    weight: 1,
    variables: [{ name: "first", kind: "id-modulo", modulo: 1, plus: 1 }],
    statement: { sql: `select id from ${ledgerTable.name} where id = $1`, uses: ["first"] },
  }),
};

/**
 * Writes its own number to the shard of one of these keys, by chance. Through HAProxy's read-write port and the primary
 * coordinator.
 */
export function shardWriteProbe(shardKeys: readonly number[]): Probe {
  return {
    operation: {
      ...statementOperation({
        name: "shard-write-probe",
        kind: "write",
        endpoint: "readWrite",
        weight: 1,
        variables: [keyOf(shardKeys), { name: "id", kind: "id" }],
        statement: {
          sql: `insert into ${shardLedgerTable.name} (shard_key, id) values ($1, $2)`,
          uses: ["shardKey", "id"],
        },
      }),
      ledgerTable: shardLedgerTable.name,
    },
  };
}

/**
 * Looks for the first number in the shard of one of these keys, by chance. Through HAProxy's read-only port, by way of a
 * replica of the coordinators.
 */
export function shardReadProbe(shardKeys: readonly number[]): Probe {
  return {
    operation: statementOperation({
      name: "shard-read-probe",
      kind: "read",
      endpoint: "readOnly",
      weight: 1,
      variables: [keyOf(shardKeys), { name: "first", kind: "id-modulo", modulo: 1, plus: 1 }],
      statement: {
        sql: `select id from ${shardLedgerTable.name} where shard_key = $1 and id = $2`,
        uses: ["shardKey", "first"],
      },
    }),
  };
}

function keyOf(shardKeys: readonly number[]): Variable {
  return { name: "shardKey", kind: "choice", values: shardKeys.map(String) };
}
