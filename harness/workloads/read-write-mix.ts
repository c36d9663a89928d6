import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";
import { parameters } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";

const summary = "Reads by primary key from the replicas beside updates of one row on the primary.";

/** Reads and writes by their own ways in (AO: B1, B2). Replicas may be behind: a read says nothing of the last write. */
export const readWriteMix: WorkloadDefinition = {
  name: "read-write-mix",
  summary,
  parameters: {
    rows: parameters.rows(100_000),
    readPercent: { meaning: "share of reads, percent", default: 80, least: 1, most: 99 },
  },
  build: ({ rows = 0, readPercent = 0 }) => {
    const keyed = keyedRows("read_write_mix", rows);
    return {
      name: "read-write-mix",
      summary,
      tables: [keyed.table],
      seed: keyed.seed,
      dataBytes: keyed.dataBytes,
      operations: keyed.readsAndWrites(readPercent),
      retry: retryPolicies.rolledBack,
      invariants: [...keyed.unchanged, keyed.versions("write")],
    };
  },
};
