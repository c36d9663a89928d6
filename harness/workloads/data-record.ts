import { createHash } from "node:crypto";
import type { VectorFiles } from "../model/benchmark.ts";
import type { ShardingDialect } from "../model/topology.ts";
import type { TableSpec, Workload } from "../model/workload.ts";

/** Which data a database holds: one row for each workload, begun before its tables are filled, and `filled` after. */
export const dataRecord = {
  name: "dpg_data",
  columns: [
    ["workload", "text not null"],
    ["fingerprint", "text not null"],
    ["filled", "boolean not null"],
  ],
  primaryKey: ["workload"],
  distribution: "local",
} as const satisfies TableSpec;

/** Equal for equal data: the same tables, spread in the same way, filled by the same statements, and from the same files. */
export function dataFingerprint(
  { name, tables, seed, filledFromFiles }: Workload,
  sharding: ShardingDialect,
  files: VectorFiles | null,
): string {
  const contents = files === null ? undefined : contentsOf(files);
  const text = JSON.stringify({ name, tables, seed, filledFromFiles, contents, sharding });
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function contentsOf({ base, queries, groundTruth }: VectorFiles): readonly (string | null)[] {
  return [base.sha256, queries.sha256, groundTruth?.sha256 ?? null];
}

/** Gives `fingerprint` and `filled`, or no row. */
export function selectDataRecord({ name }: Workload): string {
  return `select fingerprint, filled from ${dataRecord.name} where workload = '${name}'`;
}

/** Safe to run again. */
export function writeDataRecord({ name }: Workload, fingerprint: string, filled: boolean): string {
  return `insert into ${dataRecord.name} (workload, fingerprint, filled) values ('${name}', '${fingerprint}', ${filled})
          on conflict (workload) do update set fingerprint = excluded.fingerprint, filled = excluded.filled`;
}
