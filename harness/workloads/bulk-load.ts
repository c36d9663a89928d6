import type { WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";

const summary = "Load rows by COPY, many at a time.";

/** A COPY's own bound, also for the largest ones. */
const COPY_TIMEOUT_MS = 60_000;

/** Every row carries its COPY's number as its id, so that a COPY that is there in part would show. */
export const bulkLoad: WorkloadDefinition = {
  name: "bulk-load",
  summary,
  parameters: {
    rowsPerCopy: { meaning: "rows of one COPY", default: 1000, least: 1, most: 100_000 },
    payloadBytes: { meaning: "letters of each row's payload", default: 100, least: 1, most: 10_000 },
  },
  build: ({ rowsPerCopy = 1, payloadBytes = 1 }) => ({
    name: "bulk-load",
    summary,
    tables: [
      {
        name: "bulk_load",
        columns: [
          ["id", "bigint not null"],
          ["value", "integer not null"],
          ["payload", "text not null"],
        ],
        primaryKey: [],
        distribution: "local",
      },
    ],
    seed: [],
    dataBytes: 0,
    operations: [
      {
        name: "copy",
        kind: "write",
        endpoint: "readWrite",
        weight: 1,
        form: "copy",
        variables: [
          { name: "id", kind: "id" },
          { name: "value", kind: "uniform", from: 0, to: 999 },
          { name: "payload", kind: "text", length: payloadBytes },
        ],
        statements: [
          {
            sql: "copy bulk_load (id, value, payload) from stdin",
            uses: ["id", "value", "payload"],
          },
        ],
        rows: rowsPerCopy,
        timeoutMs: COPY_TIMEOUT_MS,
        ledgerTable: "bulk_load",
      },
    ],
    retry: null,
    invariants: [
      {
        title: "the rows of every acknowledged COPY are there, and no others but those of unknown outcome",
        sql: "select count(*) as found from bulk_load",
        ...bounds.acknowledged("copy", rowsPerCopy),
      },
      {
        title: "no COPY is there in part, or twice",
        sql: `select count(*) as found
              from (select from bulk_load group by id having count(*) <> ${rowsPerCopy}) as uneven`,
        ...bounds.exactly(0),
      },
    ],
  }),
};
