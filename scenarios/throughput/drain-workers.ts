import type { Scenario } from "../../harness/model/scenario.ts";
import { loadOfTenants, movesUnnoticed, probesOfShards } from "./load-of-tenants.ts";

const source =
  "Architecture Overview, Behaviours: B6, workers are scaled without downtime; Targets: T12, downtime 0";

const meanwhile = "a worker group is drained";

/** Enough that p99 can be told of the time while shards are moved. */
const rowsPerTenant = 3000;

/** B6 and T12 the other way round: worker groups are emptied under load, and taken out of use. */
export const drainWorkers = {
  name: "drain-workers",
  question: "What do reads and writes feel while worker groups are drained?",
  why:
    "Before a worker is removed, replaced or upgraded, its shards go to the others: the way back from add-workers. Here 4 " +
    "worker groups become 2, one group after the other, under a load that is sent without pause before, meanwhile and " +
    "afterwards, and every shard is probed. Shards are copied while they are written to, so expect latency to rise while " +
    "that lasts, and no operation to go unserved: each switch locks the tables for a moment only. The drained servers go " +
    "on running, and hold nothing. Afterwards every acknowledged row is looked for, and the live catalogue asked where the " +
    "shards are.",
  topology: "production",
  set: ["workers.groups=4", "workers.membersPerGroup=1", "postgres.parameters.wal_level=logical"],
  load: probesOfShards,
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 20 },
  faults: [{ operation: "drain-worker", on: "one worker group", injections: 2 }],
  benchmark: loadOfTenants({ meanwhile, rowsPerTenant, steadySeconds: 20 }),
  targets: movesUnnoticed({ meanwhile, source }),
  quick: {
    faults: [{ operation: "drain-worker", on: "one worker group", injections: 1 }],
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 12 },
    benchmark: loadOfTenants({ meanwhile, rowsPerTenant, steadySeconds: 14 }),
  },
} as const satisfies Scenario;
