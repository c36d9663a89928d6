import type { Advice, FailureClass } from "./advice.ts";
import { formatVersions } from "./format-versions.ts";
import type { PlannedInjection, RunPlan } from "./plan.ts";
import { fakeTopology } from "./topology.fake.ts";

const classes: Readonly<Record<string, FailureClass>> = {
  switchover: "planned",
  "crash-postgres": "process-crash",
  "kill-node": "node-loss",
  "pause-node": "node-pause",
  "isolate-node": "network-isolation",
};

/** A plan of failover-coordinator for tests, with one planned injection per name in `faults`. */
export function fakePlan(faults: readonly string[], changes: Partial<RunPlan> = {}): RunPlan {
  return {
    formatVersion: formatVersions.plan,
    scenario: {
      name: "failover-coordinator",
      question:
        "How long are writes and reads down when the coordinators' primary is lost, and is a row lost?",
      why: "The Architecture Overview promises coordinator failover below 10 s, and that none of its writes is lost.",
      quick: false,
    },
    seed: 1,
    topology: fakeTopology(),
    overrides: [],
    load: {
      writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      background: {
        workload: "tenant-orders",
        ratePerSecond: 100,
        arrival: "poisson",
        timeoutMs: 1000,
        connections: 16,
      },
    },
    streams: [
      { name: "write-probe", kind: "write", ledgerTable: "dpg_ledger", ratePerSecond: 100, timeoutMs: 1000 },
      { name: "read-probe", kind: "read", ledgerTable: null, ratePerSecond: 100, timeoutMs: 1000 },
      { name: "mix-insert-order", kind: "write", ledgerTable: "orders", ratePerSecond: 40, timeoutMs: 1000 },
      { name: "mix-select-orders", kind: "read", ledgerTable: null, ratePerSecond: 60, timeoutMs: 1000 },
    ],
    phases: { warmupSeconds: 5, steadySeconds: 15, recoverySeconds: 3 },
    injections: faults.map((fault, index): PlannedInjection => ({
      injection: index + 1,
      fault,
      failureClass: classes[fault] ?? "node-loss",
      victim: "primary of coordinators",
      loopPhase: ((index * 37) % 100) / 100,
      choice: 0.5,
    })),
    benchmark: null,
    targets: [
      {
        id: "T1",
        title: "Coordinator failover below 10 s",
        metric: "write-unavailability",
        statistic: "each",
        bound: { below: 10 },
        source: "Architecture Overview, Targets: T1",
      },
      {
        id: "RPO-0",
        title: "No acknowledged write lost",
        metric: "lost-writes",
        statistic: "sum",
        bound: { atMost: 0 },
        source: "Architecture Overview, requirements: coordinator failover loses nothing",
      },
    ],
    advice: fakeAdvice,
    budgets: {
      readyMs: 120_000,
      redundancyMs: 90_000,
      recoveryMs: 60_000,
      observedMs: 30_000,
      holdMs: 60_000,
      commandMs: 10_000,
    },
    ...changes,
  };
}

const fakeAdvice: Advice = {
  timing: { ttl: 20, loopWait: 1, retryTimeout: 3, adjusted: [] },
  bands: [
    fakeBand("switchover", "planned", 0.4, 4.5),
    fakeBand("crash-postgres", "process-crash", 0.4, 5),
    fakeBand("kill-node", "node-loss", 19.3, 26.6),
    fakeBand("pause-node", "node-pause", 19.3, 26.6),
    fakeBand("isolate-node", "network-isolation", 19.3, 26.6),
  ],
  findings: [
    {
      id: "D1",
      severity: "impossible",
      title: "Failover below 10 s cannot be kept when a node is lost",
      claim: "Coordinator failover < 10 s (Architecture Overview, Targets: T1).",
      truth: "With ttl 20 s a lost node's lease ends no sooner than 19 s after the loss.",
      mend: "Promise below 30 s for node loss, or keep T1 for crashes and switchovers only.",
      source: "Patroni 4.0, patroni/config.py: floors since 3.2.0.",
    },
  ],
};

function fakeBand(fault: string, failureClass: FailureClass, lowSeconds: number, highSeconds: number) {
  return {
    fault,
    failureClass,
    lowSeconds,
    highSeconds,
    terms: [{ name: "all of it", lowSeconds, highSeconds, because: "a band for tests" }],
  };
}
