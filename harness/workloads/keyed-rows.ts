import type { Invariant, Statement, TableSpec, Variable, WorkloadOperation } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { rowChunks } from "./row-chunks.ts";
import { FILLER_BYTES, fillerSql, unchangedRows, valueSql } from "./row-values.ts";
import { statementOperation } from "./statement-operation.ts";
import { tableBytes } from "./table-bytes.ts";

/** A table of numbered rows, and the statements and invariants that workloads on it have in common. */
export interface KeyedRows {
  readonly table: TableSpec;
  readonly seed: readonly string[];
  readonly dataBytes: number;
  /** Draws the number of any row. */
  readonly key: Variable;
  /** Reads one row by `key`. */
  readonly selectOne: Statement;
  /** Adds 1 to the version of one row by `key`. */
  readonly updateOne: Statement;
  /** `read` one row from the replicas, `write` one on the primary: so many reads in a hundred. */
  readonly readsAndWrites: (readPercent: number) => readonly WorkloadOperation[];
  /** Rows and values are as they were filled in: no operation changes them. */
  readonly unchanged: readonly Invariant[];
  /** `updateOne` happened once for each acknowledged operation of this name. */
  readonly versions: (operation: string) => Invariant;
  /** `updateOne` never happened. */
  readonly neverUpdated: Invariant;
}

/**
 * About 130 bytes a row, like pgbench's accounts: number, value, version and filler. Values and filler are hashes of the
 * row's number, so that the same number of rows is always the same data.
 */
export function keyedRows(name: string, rows: number, distributed = false): KeyedRows {
  const sumOfVersions = `select coalesce(sum(version), 0) as found from ${name}`;
  const key = { name: "id", kind: "uniform", from: 1, to: rows } as const;
  const selectOne = { sql: `select value, filler from ${name} where id = $1`, uses: ["id"] };
  const updateOne = { sql: `update ${name} set version = version + 1 where id = $1`, uses: ["id"] };
  return {
    table: {
      name,
      columns: [
        ["id", "bigint not null"],
        ["value", "integer not null"],
        ["version", "integer not null"],
        ["filler", "text not null"],
      ],
      primaryKey: ["id"],
      distribution: distributed ? { column: "id" } : "local",
    },
    // No conflict target: the coordinators know no key of a table whose partitions are foreign.
    seed: rowChunks(rows).map(
      ([from, to]) =>
        `insert into ${name} (id, value, version, filler)
         select id, ${valueSql("id")}, 0, ${fillerSql("id")}
         from generate_series(${from}::bigint, ${to}) as id
         on conflict do nothing`,
    ),
    dataBytes: tableBytes(rows, 8 + 4 + 4 + 1 + FILLER_BYTES),
    key,
    selectOne,
    updateOne,
    readsAndWrites: (readPercent) => [
      statementOperation({
        name: "read",
        kind: "read",
        endpoint: "readOnly",
        weight: readPercent,
        variables: [key],
        statement: selectOne,
      }),
      statementOperation({
        name: "write",
        kind: "write",
        endpoint: "readWrite",
        weight: 100 - readPercent,
        variables: [key],
        statement: updateOne,
      }),
    ],
    unchanged: unchangedRows(name, rows),
    versions: (operation) => ({
      title: `every acknowledged ${operation} is in the versions of ${name}, and none twice`,
      sql: sumOfVersions,
      ...bounds.acknowledged(operation),
    }),
    neverUpdated: {
      title: `no row of ${name} was updated`,
      sql: sumOfVersions,
      ...bounds.exactly(0),
    },
  };
}
