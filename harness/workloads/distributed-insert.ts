import type { WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";

const summary =
  "Insert one row with a payload for one tenant after the other, so that all shards are written to.";

/** The table begins empty; ids are the operations' numbers, the ledger of acknowledged writes (AO: B1). */
export const distributedInsert: WorkloadDefinition = {
  name: "distributed-insert",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    payloadBytes: { meaning: "letters of each row's payload", default: 100, least: 1, most: 100_000 },
  },
  build: ({ tenants = 1, payloadBytes = 1 }) => ({
    name: "distributed-insert",
    summary,
    tables: [
      {
        name: "distributed_inserts",
        columns: [
          ["tenant_id", "integer not null"],
          ["id", "bigint not null"],
          ["payload", "text not null"],
        ],
        primaryKey: ["tenant_id", "id"],
        distribution: { column: "tenant_id" },
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
            { name: "tenant", kind: "id-modulo", modulo: tenants, plus: 1 },
            { name: "id", kind: "id" },
            { name: "payload", kind: "text", length: payloadBytes },
          ],
          statement: {
            sql: "insert into distributed_inserts (tenant_id, id, payload) values ($1, $2, $3)",
            uses: ["tenant", "id", "payload"],
          },
        }),
        ledgerTable: "distributed_inserts",
      },
    ],
    // Never again after a lost connection: it may have happened.
    retry: null,
    invariants: [
      {
        title: "every acknowledged insert is there, and no other but those of unknown outcome",
        sql: "select count(*) as found from distributed_inserts",
        ...bounds.acknowledged("insert"),
      },
      {
        title: "every row is with the tenant that its number says",
        sql: `select count(*) as found from distributed_inserts where tenant_id <> 1 + id % ${tenants}`,
        ...bounds.exactly(0),
      },
      {
        title: "every payload is whole",
        sql: `select count(*) as found from distributed_inserts where length(payload) <> ${payloadBytes}`,
        ...bounds.exactly(0),
      },
    ],
  }),
};
