/* eslint-disable @typescript-eslint/no-non-null-assertion -- a made-up run: every index is known to be there */
import type { Advice, FailureClass } from "../harness/model/advice.ts";
import { fakeEnvironment } from "../harness/model/environment.fake.ts";
import type { ClusterEvent } from "../harness/model/event.ts";
import { formatVersions } from "../harness/model/format-versions.ts";
import type {
  Distribution,
  Figure,
  Hop,
  HopName,
  InjectionMeasurement,
  LatencyMeasurement,
  LedgerMeasurement,
  NamedFigure,
} from "../harness/model/measurement.ts";
import type { RunPlan } from "../harness/model/plan.ts";
import type { Sample, StreamName } from "../harness/model/sample.ts";
import { measureStartUps } from "../harness/measure/measure-start-up.ts";
import { fakeTopology } from "../harness/model/topology.fake.ts";
import type { TargetVerdict } from "../harness/model/verdict.ts";
import { knownFigures, medianFigure, rankedFigure } from "../harness/stats/figures.ts";
import type { Run } from "./run.ts";

const topology = fakeTopology();
const environment = fakeEnvironment(topology);
const MEMORY = { "etcd-1": 21.5, "coordinator-1": 92.25, "coordinator-2": 88, haproxy: 14.125 };

const S = 1_000_000;
const LEDGERS: readonly LedgerMeasurement[] = [
  {
    stream: "write-probe",
    table: "dpg_ledger",
    acknowledged: 41_207,
    acknowledgedMissing: value(0),
    missingIds: [],
    failed: 11_933,
    failedButPresent: value(0),
    unknown: 37,
    unknownButPresent: value(21),
  },
  {
    stream: "mix-tenant-orders-write",
    table: "orders",
    acknowledged: 82_411,
    acknowledgedMissing: value(0),
    missingIds: [],
    failed: 23_801,
    failedButPresent: value(0),
    unknown: 70,
    unknownButPresent: value(44),
  },
];

const FAULTS: readonly {
  fault: string;
  failureClass: FailureClass;
  outage: number;
  band: [number, number];
}[] = [
  { fault: "switchover", failureClass: "planned", outage: 1.6, band: [0.5, 4.5] },
  { fault: "crash-postgres", failureClass: "process-crash", outage: 1.8, band: [0.6, 5.3] },
  { fault: "kill-node", failureClass: "node-loss", outage: 21.6, band: [19.3, 26] },
  { fault: "pause-node", failureClass: "node-pause", outage: 22.4, band: [19.3, 27] },
  { fault: "isolate-node", failureClass: "network-isolation", outage: 20.7, band: [19.3, 26] },
];
const HOPS = [
  "noticed",
  "lease-gone",
  "promoted",
  "proxy-up",
  "pooler",
  "first-success",
] as const satisfies readonly HopName[];

/**
 * A made-up run of failover-coordinator for the renderers' tests: five faults, `rounds` injections each, with
 * the shape of a real one (a node loss that breaks T1, one injection that never recovered when `censored`).
 */
export function fakeRun(options: { rounds?: number; censored?: boolean; mixRate?: number } = {}): Run {
  const { rounds = 3, censored = false, mixRate = 200 } = options;
  const random = lehmer(7);
  const injections: InjectionMeasurement[] = [];
  const events: ClusterEvent[] = [
    { atUs: 0, kind: "note", text: "bringing up 20 containers" },
    { atUs: 7.4 * S, kind: "cluster-ready", tookMs: 7400, fillingMs: 0 },
    { atUs: 7.42 * S, kind: "memory-read", memoryMb: MEMORY },
    { atUs: 8 * S, kind: "phase", phase: "warmup", injection: null },
    { atUs: 13 * S, kind: "phase", phase: "steady", injection: null },
  ];
  let at = 28 * S;
  let primary = 1;
  for (let round = 0; round < rounds; round++) {
    for (const kind of FAULTS) {
      const injection = injections.length + 1;
      const last = injection === rounds * FAULTS.length;
      const measured = oneInjection({ injection, kind, at, primary, random, censored: censored && last });
      injections.push(measured.measurement);
      events.push(...measured.events);
      at = measured.measurement.windowEndUs;
      primary = (primary % 3) + 1;
    }
  }
  const end = at;
  for (let t = 9 * S; t < end; t += S) {
    events.push({
      atUs: t,
      kind: "agent-health",
      lagP50Us: 60,
      lagP99Us: 400,
      lagMaxUs: 900,
      cpuShare: 0.2,
      neverSent: 0,
    });
    events.push({ atUs: t + 300_000, kind: "loop-tick", group: "coordinators" });
  }
  events.sort((a, b) => a.atUs - b.atUs);
  const samples = new Map<StreamName, readonly Sample[]>([
    [
      "write-probe",
      samplesOf({ rate: 100, from: 8 * S, to: end, injections, kind: "write", base: 2100, random }),
    ],
    [
      "read-probe",
      samplesOf({ rate: 100, from: 8 * S, to: end, injections, kind: "read", base: 900, random }),
    ],
    [
      "mix-tenant-orders-write",
      samplesOf({ rate: mixRate, from: 8 * S, to: end, injections, kind: "write", base: 3900, random }),
    ],
  ]);
  const plan = fakePlan(injections);
  return {
    recording: {
      plan,
      environment: environment,
      events,
      samples,
      ledgers: LEDGERS.flatMap(({ stream, table, acknowledged }) =>
        [
          ...injections.map(({ injection, windowEndUs }) => [injection, windowEndUs] as const),
          [null, end] as const,
        ].map(([injection, atUs]) => ({ stream, table, injection, atUs, rows: acknowledged, present: [] })),
      ),
      stages: [],
      resources: [],
      statements: [],
      invariants: [],
      end: { kind: "complete" },
    },
    measurements: {
      startUps: measureStartUps({ plan, events }),
      injections,
      stray: [],
      faults: FAULTS.map(({ fault }) => {
        const mine = injections.filter((one) => one.fault === fault);
        return {
          fault,
          role: "primary",
          writeUnavailabilitySeconds: distribution(mine.map((one) => one.writeUnavailabilitySeconds)),
          readUnavailabilitySeconds: distribution(mine.map((one) => one.readUnavailabilitySeconds)),
          timeToFullRedundancySeconds: distribution(mine.map((one) => one.timeToFullRedundancySeconds)),
          hopMedianSeconds: {
            released: { kind: "withheld", reason: "there is no leader guard" },
            "coordinator-told": { kind: "withheld", reason: "no worker failed over" },
            ...(Object.fromEntries(
              HOPS.map((hop) => [
                hop,
                median(mine.map((one) => one.hops.find((h) => h.hop === hop)!.tookSeconds)),
              ]),
            ) as Record<(typeof HOPS)[number], Figure>),
          },
          lostWrites: value(0),
        };
      }),
      latency: latencies(),
      ledgers: LEDGERS,
      scheduleLagMs: { n: 118_640, p50: value(0.08), p99: value(0.71), max: value(6.2) },
      stages: [],
      capacities: [],
      invariants: [],
      primaries: [
        { variant: "", group: "coordinators", watched: true, stretches: injections.flatMap(twoPrimariesOf) },
      ],
      secondAcknowledgements: { told: 41_207, untold: 0, writes: 0, ids: [], byServer: [] },
      figures: injections.map((one): NamedFigure => ({
        metric: "write-unavailability",
        of: `${one.fault}, injection ${one.injection}`,
        fault: one.fault,
        figure: one.writeUnavailabilitySeconds,
        n: 1,
      })),
      gaps: [
        "p95 of unavailability per fault is withheld: it needs 20 injections, there were 3.",
        "Two writable primaries for less than 50 ms would not have been seen: that is how often each member is asked.",
      ],
    },
    verdict: {
      outcome: "fail",
      sentence:
        "T1 (coordinator failover < 10 s) was missed in 9 of 15 injections; the worst was kill-node, injection 3, with 24.1 s.",
      targets: [targetVerdictT1(injections), targetVerdictRpo],
    },
  };
}

/**
 * The same, with a frozen synchronous standby where the frozen primary was: writes stopped all the same, HAProxy was 7 s
 * late, and both were predicted.
 */
export function fakeRunOnStandby(): Run {
  const run = fakeRun({ rounds: 1 });
  const fault = "pause-node";
  const hit = run.measurements.injections.find((one) => one.fault === fault)!;
  const role = "synchronous standby";
  const band = { fault, failureClass: "node-pause", roles: [role] } as const;
  const term = { name: "all of it", because: "a band for tests" };
  const bands: Advice["bands"] = [
    ...run.recording.plan.advice.bands.filter((one) => one.fault !== fault),
    ...(
      [
        ["write-unavailability", 19, 23],
        ["read-unavailability", 0, 9],
        ["circuit-open", 6.5, 8.6],
      ] as const
    ).map(([metric, lowSeconds, highSeconds]) => ({
      ...band,
      metric,
      lowSeconds,
      highSeconds,
      terms: [{ ...term, lowSeconds, highSeconds }],
    })),
  ];
  const told = {
    severity: "risk",
    claim: "a claim",
    truth: "a truth",
    mend: "a mend",
    source: "a source",
  } as const;
  const findings = [
    { ...told, id: "D13", title: "A server that hangs is marked down late" },
    { ...told, id: "D14", title: "Losing the one synchronous standby stops all writes" },
  ];
  const of = `${fault}, injection ${hit.injection}`;
  const { plan } = run.recording;
  return {
    ...run,
    recording: { ...run.recording, plan: { ...plan, advice: { ...plan.advice, bands, findings } } },
    measurements: {
      ...run.measurements,
      injections: run.measurements.injections.map((one) =>
        one === hit ? { ...one, role, newPrimary: null, writeUnavailabilitySeconds: value(21.1) } : one,
      ),
      faults: run.measurements.faults.map((one) =>
        one.fault === fault ? { ...one, role, writeUnavailabilitySeconds: distribution([value(21.1)]) } : one,
      ),
      figures: [
        ...run.measurements.figures.filter((one) => one.of !== of),
        { metric: "write-unavailability", of, fault, figure: value(21.1), n: 1 },
        { metric: "circuit-open", of, fault, figure: value(7), n: 1 },
      ],
    },
  };
}

/** The same scenario, ended before the cluster was ready: nothing was measured. */
export function fakeRunWithoutCluster(): Run {
  const { plan } = fakeRun({ rounds: 1 }).recording;
  const withheld: Figure = { kind: "withheld", reason: "no operation was recorded" };
  return {
    recording: {
      plan,
      environment: null,
      events: [{ atUs: 12_000, kind: "note", text: "bringing up 20 containers" }],
      samples: new Map(),
      ledgers: [],
      stages: [],
      resources: [],
      statements: [],
      invariants: [],
      end: { kind: "incomplete", reason: "coordinator-2 did not become ready within 60 s" },
    },
    measurements: {
      injections: [],
      stray: [],
      faults: [],
      latency: [],
      ledgers: [],
      scheduleLagMs: { n: 0, p50: withheld, p99: withheld, max: withheld },
      stages: [],
      capacities: [],
      invariants: [],
      primaries: [],
      secondAcknowledgements: null,
      figures: [],
      gaps: ["Nothing was measured: the run ended before the cluster was ready."],
    },
    verdict: {
      outcome: "unknown",
      sentence: "Nothing was measured: the run ended before the cluster was ready.",
      targets: plan.targets.map((target) => ({
        target,
        outcome: "unknown",
        sentence: `No figure of ${target.metric} was measured.`,
        evidence: [],
        foreseen: null,
      })),
    },
  };
}

function oneInjection(input: {
  injection: number;
  kind: (typeof FAULTS)[number];
  at: number;
  primary: number;
  random: () => number;
  censored: boolean;
}): { measurement: InjectionMeasurement; events: ClusterEvent[] } {
  const { injection, kind, at, primary, random, censored } = input;
  const { fault } = kind;
  const outage = kind.outage + random() * (kind.outage > 5 ? 2.6 : 0.9);
  const loopPhase = random();
  const faultAt = Math.round(at + (0.4 + loopPhase) * S);
  const old = `coordinator-${primary}`;
  const fresh = `coordinator-${(primary % 3) + 1}`;
  const shares = kind.outage > 5 ? [0.2, 0.72, 0.03, 0.035, 0.01, 0.005] : [0.15, 0.2, 0.25, 0.3, 0.06, 0.04];
  let hopAt = faultAt;
  const evidence: Record<(typeof HOPS)[number], string> = {
    noticed: `haproxy: ${old} DOWN in read_write`,
    "lease-gone": "etcd: leader key of coordinators gone",
    promoted: `postgres: ${fresh} no longer in recovery, timeline ${injection + 1}`,
    "proxy-up": `haproxy: ${fresh} UP in read_write`,
    pooler: "agent: write-probe connected through readWrite",
    "first-success": "agent: first write that lasted",
  };
  const hops: Hop[] = HOPS.map((hop, index) => {
    hopAt = Math.round(hopAt + outage * shares[index]! * S);
    if (censored && index > 2)
      return {
        hop,
        atUs: null,
        tookSeconds: { kind: "withheld", reason: "never seen" },
        evidence: "not seen",
      };
    return {
      hop,
      atUs: hopAt,
      tookSeconds: value(round(outage * shares[index]!, 3)),
      evidence: evidence[hop],
    };
  });
  const servedAt = hopAt;
  const redundancy = outage + (kind.outage > 5 ? 4 : 2) + random();
  const windowEnd = censored ? faultAt + 60 * S : Math.round(faultAt + (redundancy + 6) * S);
  const write: Figure = censored ? { kind: "at-least", value: 60 } : value(round(outage, 3));
  const read = kind.outage > 5 ? 2.1 + random() : random() < 0.5 ? 0 : 0.3;
  const inject = (atUs: number, moment: string, note?: string): ClusterEvent =>
    ({
      atUs: Math.round(atUs),
      kind: "injection",
      injection,
      fault,
      victim: old,
      moment,
      ...(moment === "injected" ? { loopPhase } : {}),
      ...(note === undefined ? {} : { note }),
    }) as ClusterEvent;
  const t = (hop: number): number => hops[hop]!.atUs ?? windowEnd;
  const events: ClusterEvent[] = [
    { atUs: at, kind: "phase", phase: "fault", injection },
    inject(at, "waiting"),
    inject(faultAt, "injected", `${fault} on ${old}`),
    { atUs: t(0), kind: "proxy-server", backend: "read_write", server: old, status: "DOWN", up: false },
    inject(t(0) + 1000, "observed"),
    {
      atUs: t(0) - 20_000,
      kind: "postgres-state",
      group: "coordinators",
      member: old,
      reachable: false,
      inRecovery: null,
      timeline: null,
    },
    { atUs: t(1), kind: "leader-key-gone", group: "coordinators", leader: old },
    { atUs: t(1) + 80_000, kind: "leader-key-set", group: "coordinators", leader: fresh },
    {
      atUs: t(2),
      kind: "postgres-state",
      group: "coordinators",
      member: fresh,
      reachable: true,
      inRecovery: false,
      timeline: injection + 1,
    },
    {
      atUs: t(2) + 200_000,
      kind: "member-state",
      group: "coordinators",
      member: fresh,
      role: "primary",
      state: "running",
      timeline: injection + 1,
    },
    ...(censored
      ? []
      : ([
          { atUs: t(3), kind: "proxy-server", backend: "read_write", server: fresh, status: "UP", up: true },
          { atUs: t(4), kind: "connection-made", stream: "write-probe", endpoint: "readWrite" },
          inject(servedAt + S, "recovered"),
          inject(servedAt + 1.1 * S, "healing"),
          {
            atUs: servedAt + 2 * S,
            kind: "proxy-server",
            backend: "read_only",
            server: old,
            status: "UP",
            up: true,
          },
          {
            atUs: servedAt + 1.8 * S,
            kind: "postgres-state",
            group: "coordinators",
            member: old,
            reachable: true,
            inRecovery: true,
            timeline: injection + 1,
          },
          inject(faultAt + redundancy * S, "healed"),
          { atUs: Math.round(faultAt + redundancy * S) + 1000, kind: "phase", phase: "recovery", injection },
          {
            atUs: windowEnd - 500_000,
            kind: "ledger-read",
            injection,
            stream: "write-probe",
            rows: injection * 2700,
          },
        ] as ClusterEvent[])),
  ];
  const measurement: InjectionMeasurement = {
    injection,
    fault,
    victim: old,
    nodes: [old],
    role: "primary",
    commandFailed: null,
    loopPhase,
    faultAtUs: faultAt,
    windowEndUs: windowEnd,
    writeUnavailabilitySeconds: write,
    readUnavailabilitySeconds: value(round(read, 3)),
    writeEpisodes: [{ fromUs: faultAt, toUs: censored ? null : servedAt }],
    readEpisodes: read > 0 ? [{ fromUs: faultAt, toUs: Math.round(faultAt + read * S) }] : [],
    hops,
    timeToFullRedundancySeconds: censored ? { kind: "at-least", value: 60 } : value(round(redundancy, 2)),
    newPrimary: censored ? null : fresh,
    operationsFailed: Math.round(outage * 80),
    operationsUnknown: Math.round(1 + random() * 4),
    operationsLate: Math.round(random() * 3),
    lostWriteSeconds: value(0),
    lostWrites: value(0),
    failedButPresent: value(0),
    twoPrimariesMs: value(fault === "isolate-node" ? 850 : 0),
    twoPrimaries:
      fault === "isolate-node"
        ? [{ group: "coordinators", members: [old, fresh], fromUs: t(2), toUs: t(2) + 850_000 }]
        : [],
  };
  return { measurement, events };
}

/** The old primary wakes writable, and can acknowledge nothing: its standbys follow the new one. */
function twoPrimariesOf({
  twoPrimaries,
  injection,
}: InjectionMeasurement): Run["measurements"]["primaries"][number]["stretches"] {
  return twoPrimaries.map(({ members, fromUs, toUs }) => ({
    ...{ fromUs, toUs, writable: members, unseen: [], able: members.slice(1), perhapsAble: [] },
    acknowledged: [{ server: members[1] ?? null, timeline: injection + 1, writes: 85 }],
  }));
}

function samplesOf(input: {
  rate: number;
  from: number;
  to: number;
  injections: readonly InjectionMeasurement[];
  kind: "read" | "write";
  base: number;
  random: () => number;
}): Sample[] {
  const { rate, from, to, injections, kind, base, random } = input;
  const episodes = injections.flatMap((one) => (kind === "write" ? one.writeEpisodes : one.readEpisodes));
  const samples: Sample[] = [];
  let index = 0;
  for (let id = 1, intendedUs = from; intendedUs < to; id++, intendedUs += S / rate) {
    while (episodes[index] && (episodes[index]!.toUs ?? to) <= intendedUs) index++;
    const down = episodes[index] !== undefined && episodes[index]!.fromUs <= intendedUs;
    const startUs = Math.round(intendedUs + random() * 200);
    if (down) {
      const first = intendedUs - episodes[index]!.fromUs < 30_000;
      const lost = first && kind === "write";
      samples.push({
        id,
        intendedUs,
        startUs,
        endUs: startUs + (first ? S : 3000),
        outcome: lost ? "unknown" : "failed",
        code: first ? "CLIENT_TIMEOUT" : "ECONNREFUSED",
      });
    } else {
      const tail = random() < 0.01 ? 6 : 1;
      const service = base * (0.7 + 0.5 * random()) * tail;
      samples.push({
        id,
        intendedUs,
        startUs,
        endUs: Math.round(startUs + service),
        outcome: "ok",
        code: null,
      });
    }
  }
  return samples;
}

function fakePlan(injections: readonly InjectionMeasurement[]): RunPlan {
  return {
    formatVersion: formatVersions.plan,
    scenario: {
      name: "failover-coordinator",
      question: "How long is the cluster down for writes and reads when the coordinators' primary fails?",
      why: "Every write and most reads enter by one primary. Its loss is the outage that users notice, and the document promises that it ends within ten seconds with nothing lost.",
      quick: false,
    },
    seed: 42,
    topology: topology,
    overrides: [],
    benchmark: null,
    load: {
      writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
      background: {
        workload: "tenant-orders",
        ratePerSecond: 200,
        arrival: "poisson",
        timeoutMs: 1000,
        connections: 8,
      },
    },
    streams: [
      { name: "write-probe", kind: "write", ledgerTable: "dpg_ledger", ratePerSecond: 100, timeoutMs: 1000 },
      { name: "read-probe", kind: "read", ledgerTable: null, ratePerSecond: 100, timeoutMs: 1000 },
      {
        name: "mix-tenant-orders-write",
        kind: "write",
        ledgerTable: "orders",
        ratePerSecond: 200,
        timeoutMs: 1000,
      },
    ],
    phases: { warmupSeconds: 5, steadySeconds: 15, recoverySeconds: 5 },
    injections: injections.map((one) => ({
      injection: one.injection,
      fault: one.fault,
      failureClass: FAULTS.find((kind) => kind.fault === one.fault)!.failureClass,
      victim: "primary of coordinators",
      loopPhase: one.loopPhase ?? 0,
      choice: 0.5,
    })),
    targets: [targetT1, targetRpo],
    advice: fakeAdvice,
    budgets: {
      readyMs: 60_000,
      redundancyMs: 60_000,
      recoveryMs: 60_000,
      observedMs: 30_000,
      holdMs: 60_000,
      commandMs: 20_000,
    },
  };
}

const targetT1 = {
  id: "T1",
  title: "Coordinator failover",
  metric: "write-unavailability",
  statistic: "each",
  bound: { below: 10 },
  source: "Architecture Overview, Targets: T1",
} as const;
const targetRpo = {
  id: "RPO-0",
  title: "No acknowledged write lost",
  metric: "lost-writes",
  statistic: "sum",
  bound: { atMost: 0 },
  source: "Architecture Overview, requirements: coordinator failover loses nothing",
} as const;

function targetVerdictT1(injections: readonly InjectionMeasurement[]): TargetVerdict {
  const worst = injections
    .filter((one) => one.writeUnavailabilitySeconds.kind !== "withheld")
    .map((one): NamedFigure => ({
      metric: "write-unavailability",
      of: `${one.fault}, injection ${one.injection}`,
      fault: one.fault,
      figure: one.writeUnavailabilitySeconds,
      n: 1,
    }))
    .sort((a, b) => (b.figure as { value: number }).value - (a.figure as { value: number }).value);
  return {
    target: targetT1,
    outcome: "fail",
    sentence: "9 of 15 injections took 10 s or longer; the worst was kill-node, injection 3, with 24.1 s.",
    evidence: worst,
    foreseen:
      "Foreseen: finding D1 says that node loss cannot be served before 19.3 s with ttl 20 s, Patroni's floor.",
  };
}

const targetVerdictRpo: TargetVerdict = {
  target: targetRpo,
  outcome: "pass",
  sentence: "0 rows missing of 41,207 acknowledged writes.",
  evidence: [{ metric: "lost-writes", of: "run", fault: null, figure: value(0), n: 41_207 }],
  foreseen: null,
};

const fakeAdvice: Advice = {
  timing: {
    ttl: 20,
    loopWait: 1,
    retryTimeout: 3,
    adjusted: ["ttl: 5 s is raised to 20 s (Patroni's floor since 3.2)"],
  },
  bands: FAULTS.map(({ fault, failureClass, band }) => ({
    fault,
    failureClass,
    lowSeconds: band[0],
    highSeconds: band[1],
    terms: [
      {
        name: band[1] > 10 ? "leader lease runs out" : "Patroni notices",
        lowSeconds: band[1] > 10 ? 19 : 0,
        highSeconds: band[1] > 10 ? 21 : 1,
        because:
          band[1] > 10 ? "ttl - loop_wait .. ttl + 1 s (Patroni manual, ttl 20)" : "0 .. loop_wait (1 s)",
      },
      { name: "promotion", lowSeconds: 0.3, highSeconds: 2, because: "measured on idle standbys: 0.3-2 s" },
      {
        name: "HAProxy up",
        lowSeconds: 0,
        highSeconds: 2,
        because: "0 .. inter (2 s) + (rise - 1) * fastinter",
      },
    ],
  })),
  findings: [
    {
      id: "D1",
      severity: "impossible",
      title: "Node loss cannot be served within 10 s",
      claim: "Architecture Overview: failover < 10 s with a heartbeat of 5 s",
      truth:
        "Patroni raises ttl below 20 s to 20 s; the leader's lease cannot run out before ttl - loop_wait = 19 s.",
      mend: "Promise 30 s for node loss, or fence nodes from outside.",
      source: "Patroni 3.2.0 release notes; patroni/validator.py",
    },
    {
      id: "D6",
      severity: "note",
      title: "Port 8008 is Patroni's REST port",
      claim: "Architecture Overview: clients enter by HAProxy's port 8008",
      truth: "Patroni's REST API listens on 8008 too; one host cannot have both.",
      mend: "Keep HAProxy on 5432 and 5433.",
      source: "Patroni manual, restapi.listen",
    },
  ],
};

function latencies(): LatencyMeasurement[] {
  const parts = ["before", "during", "after"] as const;
  return (["write-probe", "read-probe", "mix-tenant-orders-write"] as const).flatMap((stream, s) =>
    parts.map((part, p): LatencyMeasurement => {
      const scale = (s === 1 ? 0.9 : 2.1) * (p === 1 ? 1.6 : 1);
      const n = [1500, 22_000, 31_000][p]!;
      const small: Figure = { kind: "withheld", reason: "p99 needs 1,000 samples, there were 640" };
      const quarter = (factor: number): Figure => value(round(scale * factor, 2));
      const figures = {
        p50: quarter(1),
        p95: quarter(1.8),
        p99: s === 2 && p === 0 ? small : quarter(3.1),
        max: quarter(p === 1 ? 400 : 9),
      };
      // A third of the operations were not served in the outages.
      const timeout: Figure = { kind: "at-least", value: 1000 };
      const served = p === 1 ? { p50: quarter(1), p95: timeout, p99: timeout, max: timeout } : figures;
      const flattering: Figure = {
        kind: "withheld",
        reason: "30.9 % of the operations did not end ok: a percentile of the others would flatter",
      };
      return {
        stream,
        part,
        n: s === 2 && p === 0 ? 640 : p === 1 ? n + 9837 : n,
        outcomes: { ok: n, failed: p === 1 ? 9800 : 0, unknown: p === 1 ? 37 : 0 },
        latencyMs: served,
        withoutLatenessMs: served,
        serviceTimeMs: {
          ...figures,
          ...(p === 1 ? { p95: flattering, p99: flattering } : {}),
          max: quarter(p === 1 ? 390 : 8.8),
        },
      };
    }),
  );
}

function distribution(figures: readonly Figure[]): Distribution {
  const known = knownFigures(figures);
  return {
    n: known.length,
    min: rankedFigure(known, 1),
    median: medianFigure(known),
    p95: { kind: "withheld", reason: `needs 20 injections, there were ${known.length}` },
    max: rankedFigure(known, known.length),
  };
}

function median(figures: readonly Figure[]): Figure {
  const known = knownFigures(figures);
  return known.length === 0 ? { kind: "withheld", reason: "never seen" } : medianFigure(known);
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}

function round(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}

/** Lehmer's generator (MINSTD): the same run every time. */
function lehmer(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
