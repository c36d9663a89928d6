import type { Benchmark } from "../../harness/model/benchmark.ts";
import type { Scenario, Step } from "../../harness/model/scenario.ts";
import { pooledClient } from "../pooled-client.ts";

/** Short transactions, as many as 16 clients can send: at every moment some of them are being committed. */
const benchmark: Benchmark = {
  workload: "cross-shard-transfer",
  parameters: {},
  client: pooledClient({ connections: 16, latencyLimitMs: 100, samplesKept: 5000 }),
  phases: { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 0 },
  method: {
    kind: "fixed",
    stages: [{ name: "undisturbed", shape: { kind: "closed", clients: 16, thinkTimeMs: 0 } }],
  },
  sustained: {
    kind: "shape",
    name: "transfers under faults",
    shape: { kind: "closed", clients: 16, thinkTimeMs: 0 },
  },
  k6Script: null,
  variants: [],
};

/** B5: whether a transaction over several shards is whole or nothing, whoever crashes meanwhile. */
export const twoPhaseCommitUnderFaults = {
  name: "two-phase-commit-under-faults",
  question: "Is a transfer between two shards ever half-applied after a coordinator or a worker has crashed?",
  why:
    "The Architecture Overview promises that a transaction over several shards is rolled back on any failure, by two-phase " +
    "commit. Money is moved between accounts of different tenants without pause, and each transfer leaves its number on " +
    "both sides, while the primary of a worker group and that of the coordinators crash, again and again. Afterwards each " +
    "debit must have its credit: one that has none is named. Workers replicate synchronously here, so that a failover " +
    "that loses the last commits of one shard does not pass for a torn transaction. A dialect without two-phase commit " +
    "(fdw) commits on one shard and then on the other: expect it to fail.",
  topology: "production",
  set: ["workers.groups=2", "workers.shards=4", "workers.synchronousMode=on"],
  load: {
    writeProbe: { ratePerSecond: 20, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 20, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 2, steadySeconds: 10, recoverySeconds: 5 },
  faults: crashes(6, 3),
  benchmark,
  targets: [
    {
      id: "B5",
      title: "Every transfer is whole or not there at all, and the bank's total is what it was",
      metric: "broken-invariants",
      statistic: "sum",
      bound: { atMost: 0 },
      source:
        "Architecture Overview, Behaviours: B5, multi-shard transaction by two-phase commit, rollback on any failure",
    },
  ],
  quick: {
    faults: crashes(3, 1),
    phases: { warmupSeconds: 2, steadySeconds: 6, recoverySeconds: 3 },
    benchmark: { ...benchmark, phases: { warmupSeconds: 1, steadySeconds: 3, coolDownSeconds: 0 } },
  },
} as const satisfies Scenario;

function crashes(ofWorker: number, ofCoordinator: number): readonly Step[] {
  return [
    { fault: "crash-postgres", victim: "primary of one worker group", injections: ofWorker },
    { fault: "crash-postgres", victim: "primary of coordinators", injections: ofCoordinator },
  ];
}
