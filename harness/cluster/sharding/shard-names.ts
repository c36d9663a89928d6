import type { Topology } from "../../model/topology.ts";
import type { TableSpec } from "../../model/workload.ts";

/** One hash partition: the foreign table on the coordinators, and the table on the worker that it stands for. */
export function shardName({ name }: Pick<TableSpec, "name">, remainder: number): string {
  return `${name}_p${remainder}`;
}

/** The bounds of the partition of this remainder. */
export function attachedAs({ workers }: Pick<Topology, "workers">, remainder: number): string {
  return `FOR VALUES WITH (MODULUS ${workers.shards}, REMAINDER ${remainder})`;
}

/** A LIMIT is not passed on to shards: a query that stops early has paid for all rows that it fetched. */
export function foreignOptions({ rowsAtOnce }: TableSpec, name: string): string {
  const fetchSize = rowsAtOnce === undefined ? "" : `, fetch_size '${rowsAtOnce}'`;
  return `OPTIONS (table_name '${name}'${fetchSize})`;
}
