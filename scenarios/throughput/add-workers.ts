import type { Scenario } from "../../harness/model/scenario.ts";
import { loadOfTenants, movesUnnoticed, probesOfShards } from "./load-of-tenants.ts";

const source =
  "Architecture Overview, Behaviours: B6, scale out from 4 to 8 workers without downtime; Targets: T12, downtime 0";

const meanwhile = "workers are added";

/** B6 and T12: workers are added, and shards moved to them, under load. */
export const addWorkers = {
  name: "add-workers",
  question: "What do reads and writes feel while worker groups are added and shards are moved to them?",
  why:
    "The Architecture Overview scales from 4 to 8 workers without downtime. Here twice as many worker groups take over their " +
    "share of the shards from those that there were, all at once, as there: 2 become 4 by default, which two cores carry, " +
    "and 4 become 8 with --set workers.groups=4 --set workers.spareGroups=4. The new servers run from the start, and hold " +
    "nothing until they are added: what is measured is what the cluster does, not how long it takes to get a machine. The " +
    "same load is sent without pause before, meanwhile and afterwards, and every shard is probed. Shards are copied while they are written " +
    "to, so expect latency to rise while that lasts, and no operation to go unserved: each switch locks the tables for a " +
    "moment only. Afterwards every acknowledged row is looked for, and the live catalogue asked where the shards are.",
  topology: "production",
  set: [
    "workers.groups=2",
    "workers.spareGroups=2",
    "workers.membersPerGroup=1",
    "postgres.parameters.wal_level=logical",
  ],
  load: probesOfShards,
  phases: { warmupSeconds: 3, steadySeconds: 20, recoverySeconds: 20 },
  faults: [{ operation: "rebalance", on: "coordinators", injections: 1 }],
  benchmark: loadOfTenants({ meanwhile, rowsPerTenant: 2000, steadySeconds: 20 }),
  targets: movesUnnoticed({ meanwhile, source }),
  quick: {
    faults: [{ operation: "add-worker", on: "coordinators", injections: 1 }],
    phases: { warmupSeconds: 2, steadySeconds: 12, recoverySeconds: 12 },
    benchmark: loadOfTenants({ meanwhile, rowsPerTenant: 1000, steadySeconds: 14 }),
  },
} as const satisfies Scenario;
