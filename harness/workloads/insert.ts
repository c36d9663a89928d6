import type { WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";

const summary = "Insert one row with a payload; its id is the operation's number.";

/** The documented INSERT (AO: T5). The table begins empty; its ids are the ledger of acknowledged writes. */
export const insert: WorkloadDefinition = {
  name: "insert",
  summary,
  parameters: {
    payloadBytes: { meaning: "letters of each row's payload", default: 100, least: 1, most: 100_000 },
    distributed: parameters.distributed(),
  },
  build: ({ payloadBytes = 1, distributed }) => ({
    name: "insert",
    summary,
    tables: [
      {
        name: "inserts",
        columns: [
          ["id", "bigint not null"],
          ["value", "integer not null"],
          ["payload", "text not null"],
        ],
        primaryKey: ["id"],
        distribution: distributed === 1 ? { column: "id" } : "local",
      },
    ],
    seed: [],
    dataBytes: 0,
    operations: [
      {
        ...statementOperation({
          name: "insert",
          kind: "write",
          endpoint: "readWrite",
          weight: 1,
          variables: [
            { name: "id", kind: "id" },
            { name: "value", kind: "uniform", from: 0, to: 999 },
            { name: "payload", kind: "text", length: payloadBytes },
          ],
          statement: {
            sql: "insert into inserts (id, value, payload) values ($1, $2, $3)",
            uses: ["id", "value", "payload"],
          },
        }),
        ledgerTable: "inserts",
      },
    ],
    // Never again after a lost connection: it may have happened.
    retry: null,
    invariants: [
      {
        title: "every acknowledged insert is there, and no other but those of unknown outcome",
        sql: "select count(*) as found from inserts",
        ...bounds.acknowledged("insert"),
      },
      {
        title: "no id is there twice",
        sql: "select count(*) - count(distinct id) as found from inserts",
        ...bounds.exactly(0),
      },
      {
        title: "every payload is whole",
        sql: `select count(*) as found from inserts where length(payload) <> ${payloadBytes}`,
        ...bounds.exactly(0),
      },
    ],
  }),
};
