import type { Advice } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { RunPlan } from "../model/plan.ts";
import type { StreamDescription } from "../model/sample.ts";
import type { Scenario } from "../model/scenario.ts";
import { fakeTopology as modelTopology } from "../model/topology.fake.ts";
import type { Topology } from "../model/topology.ts";
import { planRun } from "./plan-run.ts";

/** A small complete topology for tests: three coordinators under Patroni, one worker group, all components. */
export const fakeTopology: Topology = modelTopology({
  name: "small",
  summary: "a small cluster for tests",
  etcd: { heartbeatIntervalMs: 50, electionTimeoutMs: 500 },
  coordinators: { synchronousMode: "quorum" },
  workers: { groups: 1 },
  postgres: { maxConnections: 200, parameters: { shared_buffers: "64MB" } },
  pgbouncer: { poolSize: 50, queryWaitTimeout: 5 },
  haproxy: { interMs: 1000, downinterMs: 500, fall: 2, maxConnections: 2000 },
  vectors: "none",
});

/** A scenario on it with two kinds of fault. */
export const fakeScenario: Scenario = {
  name: "lose-the-primary",
  question: "How long can nobody write?",
  why: "A scenario for tests.",
  topology: "small",
  load: {
    writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
    background: null,
  },
  phases: { warmupSeconds: 1, steadySeconds: 10, recoverySeconds: 2 },
  benchmark: null,
  faults: [
    { fault: "crash-postgres", victim: "primary of coordinators", injections: 2 },
    { fault: "kill-node", victim: "primary of coordinators", injections: 2 },
  ],
  targets: [
    {
      id: "T1",
      title: "Failover below 10 s",
      metric: "write-unavailability",
      statistic: "each",
      bound: { below: 10 },
      source: "a promise",
    },
  ],
  quick: {
    faults: [{ fault: "kill-node", victim: "primary of coordinators", injections: 1 }],
    phases: { warmupSeconds: 1, steadySeconds: 5, recoverySeconds: 1 },
    benchmark: null,
  },
};

export const fakeFaults: Readonly<Record<string, FaultDescription>> = Object.fromEntries(
  (
    [
      ["switchover", "planned", true, "at-once"],
      ["crash-postgres", "process-crash", false, "at-once"],
      ["kill-node", "node-loss", false, "after-recovery"],
    ] as const
  ).map(([name, failureClass, needsPatroni, healing]) => [
    name,
    {
      name,
      title: name,
      mechanism: `does ${name}`,
      why: "for tests",
      failureClass,
      ...(failureClass === "planned"
        ? ({ kind: "operation", actsOn: "primary" } as const)
        : ({ kind: "fault", hits: ["postgres"] } as const)),
      needs: [],
      needsPatroni,
      healing,
    },
  ]),
);

export const fakeStreams: readonly StreamDescription[] = [
  { name: "write-probe", kind: "write", ledgerTable: "dpg_ledger", ratePerSecond: 100, timeoutMs: 1000 },
  { name: "read-probe", kind: "read", ledgerTable: null, ratePerSecond: 100, timeoutMs: 1000 },
];

export const fakeAdvice: Advice = {
  timing: {
    ttl: 20,
    loopWait: 1,
    retryTimeout: 3,
    adjusted: ["ttl: 5 s is below Patroni's floor, runs with 20 s"],
  },
  bands: [
    {
      fault: "crash-postgres",
      failureClass: "process-crash",
      lowSeconds: 1,
      highSeconds: 4,
      terms: [{ name: "noticed", lowSeconds: 0, highSeconds: 1, because: "within loop_wait 1 s" }],
    },
    {
      fault: "kill-node",
      failureClass: "node-loss",
      lowSeconds: 19.5,
      highSeconds: 24,
      terms: [
        { name: "lease ends", lowSeconds: 19, highSeconds: 20, because: "ttl 20 s - loop_wait 1 s .. ttl" },
      ],
    },
  ],
  findings: [
    {
      id: "D1",
      severity: "impossible",
      title: "Node loss cannot be served within 10 s",
      claim: "failover < 10 s",
      truth: "ttl is 20 s at least",
      mend: "promise 25 s",
      source: "Patroni 3.2.0 release notes",
    },
  ],
};

/** The plan of the scenario on the topology, for tests of whatever reads plans. */
export function fakePlan(changes: Partial<Parameters<typeof planRun>[0]> = {}): RunPlan {
  return planRun({
    scenario: fakeScenario,
    topology: fakeTopology,
    overrides: [],
    seed: 42,
    quick: false,
    faults: fakeFaults,
    streams: fakeStreams,
    advice: fakeAdvice,
    ...changes,
  });
}
