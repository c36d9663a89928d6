import type { WorkloadDefinition } from "../model/workload.ts";
import { keyedRows } from "./keyed-rows.ts";

const summary = "A light read and a light write, for many clients that keep their connections.";

/**
 * Many applications, each with a connection of its own and little to do (AO: T10, D5): meant for closed shapes with
 * sessions `own` and mix `per-client`. Two clients read for one that writes, as there are two replicas' poolers for
 * the primary's one. Nothing is tried again: being turned away is what it asks about.
 */
export const manyConnections: WorkloadDefinition = {
  name: "many-connections",
  summary,
  parameters: {
    rows: { meaning: "rows of the table", default: 10_000, least: 1, most: 1_000_000 },
    readPercent: { meaning: "share of clients that read, percent", default: 67, least: 1, most: 99 },
  },
  build: ({ rows = 0, readPercent = 0 }) => {
    const keyed = keyedRows("many_connections", rows);
    return {
      name: "many-connections",
      summary,
      tables: [keyed.table],
      seed: keyed.seed,
      dataBytes: keyed.dataBytes,
      operations: keyed.readsAndWrites(readPercent),
      retry: null,
      invariants: [...keyed.unchanged, keyed.versions("write")],
    };
  },
};
