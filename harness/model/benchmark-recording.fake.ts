import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { ClientSettings, PlannedBenchmark, Stage, StagePhase } from "./benchmark.ts";
import type { Micros } from "./clock.ts";
import { fakeEnvironment } from "./environment.fake.ts";
import { fakeMemberEvents } from "./event.fake.ts";
import type { ClusterEvent } from "./event.ts";
import { fakePlan } from "./plan.fake.ts";
import type { RunPlan } from "./plan.ts";
import type { Recording } from "./recording.ts";
import type { ResourceReading } from "./resource.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { Sample } from "./sample.ts";
import type { CodeCounts, EncodedHistogram, OperationSecond, RecordedStage, StageSecond } from "./stage.ts";
import { fakeTopology } from "./topology.fake.ts";

/** What shall be true of one stage of a fake benchmark. What is left out is typical of a cluster that keeps up. */
export interface FakeStage {
  readonly name?: string;
  readonly purpose?: Stage["purpose"];
  readonly variant?: string;
  readonly shape?: Stage["shape"];
  readonly phases?: Stage["phases"];
  /** Operations answered ok per second, by all agents together; the open shape's rate by default. */
  readonly okPerSecond?: number;
  /** Latency of operation n of `okPerSecond`, microseconds; 500 plus an exponential tail of 300 by default. */
  readonly latencyUs?: (random: () => number) => number;
  /** Operations that failed per second, by code. */
  readonly failed?: CodeCounts;
  /** Cores that each agent uses. */
  readonly cpuCores?: number;
  readonly latenessP99Us?: number;
  /** Clients or connections served, of all agents together. */
  readonly served?: number;
  /** Mean wait for a connection of each PgBouncer; 0 by default. Milliseconds. */
  readonly meanWaitMs?: number;
  readonly end?: RecordedStage["end"];
  /** What was recorded of each second instead. */
  readonly second?: (second: StageSecond) => StageSecond;
}

export interface FakeBenchmarkOptions {
  readonly seed?: number;
  /** Saturation, two steps and a confirmation at 2,000/s when left out. */
  readonly stages?: readonly FakeStage[];
  readonly client?: Partial<ClientSettings>;
  readonly benchmark?: Partial<PlannedBenchmark>;
  readonly plan?: Partial<RunPlan>;
  readonly invariants?: Recording["invariants"];
  readonly end?: Recording["end"];
}

/** A stage at an open constant rate, Poisson arrivals. */
export function fakeOpenShape(perSecond: number): Stage["shape"] {
  return { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond } };
}

/** A search that finds 2,000/s: what cannot be kept up is answered late. */
export const fakeSearchStages: readonly FakeStage[] = [
  {
    name: "saturation",
    purpose: "saturation",
    shape: { kind: "closed", clients: 16, thinkTimeMs: 0 },
    okPerSecond: 2400,
  },
  {
    name: "step 1: 2,500/s",
    purpose: "search",
    shape: fakeOpenShape(2500),
    latencyUs: (random) => 20_000 + 10_000 * random(),
  },
  { name: "step 2: 2,000/s", purpose: "search", shape: fakeOpenShape(2000) },
  { name: "confirmation", purpose: "confirmation", shape: fakeOpenShape(2000) },
];

/**
 * A recording as a benchmark of point selects would write it, made up from a seed: two agents, each second of each with
 * its histograms. `fakeSearchStages` are its stages unless others are given; `fakeOpenShape` makes their shapes;
 * `fakeBenchmarkPlan` is its plan alone, and `fakeHistogram` a histogram for seconds of one's own.
 */
export function fakeBenchmarkRecording(options: FakeBenchmarkOptions = {}): Recording {
  const random = seededRandom(options.seed ?? 1, "recording");
  const plan = fakeBenchmarkPlan(options);
  const { agents } = plan.benchmark.client;
  const events: ClusterEvent[] = [
    ...fakeMemberEvents(plan.topology),
    { kind: "cluster-ready", atUs: 8_000_000, tookMs: 8000 },
  ];
  const resources: ResourceReading[] = [];
  const stages: RecordedStage[] = [];
  let fromUs = 10_000_000;
  for (const [index, wanted] of (options.stages ?? fakeSearchStages).entries()) {
    const recorded = recordStage(index + 1, wanted, { agents, fromUs, random });
    stages.push(recorded);
    events.push(...eventsOf(recorded));
    resources.push(...readingsOf(recorded, wanted));
    fromUs = (recorded.seconds.at(-1)?.toUs ?? fromUs) + 2_000_000;
  }
  return {
    plan,
    environment: fakeEnvironment(plan.topology),
    events,
    samples: new Map(),
    ledgers: [],
    stages,
    resources,
    statements: [],
    invariants: options.invariants ?? [
      {
        variant: plan.benchmark.variants[0]?.name ?? "",
        workload: "point-select",
        title: "No row was added or lost",
        found: 100_000,
        atLeast: 100_000,
        atMost: 100_000,
        problem: null,
      },
    ],
    end: options.end ?? { kind: "complete" },
  };
}

/** The plan of such a recording. Its target T3 bounds the p99 of the confirmation. */
export function fakeBenchmarkPlan(
  options: Pick<FakeBenchmarkOptions, "client" | "benchmark" | "plan"> = {},
): RunPlan & { readonly benchmark: PlannedBenchmark } {
  const phases = { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 1 };
  const topology = fakeTopology();
  const plan = fakePlan([], {
    scenario: {
      name: "throughput-simple",
      question: "At which rate are simple SELECTs still answered within 10 ms?",
      why: "The Architecture Overview promises 10,000 of them a second.",
      quick: false,
    },
    load: null,
    streams: [],
    targets: [
      {
        id: "T3",
        title: "Simple SELECT p99 below 10 ms",
        metric: "latency-p99",
        of: "confirmation",
        statistic: "each",
        bound: { below: 10 },
        source: "Architecture Overview, Targets: T3",
      },
    ],
    ...options.plan,
  });
  const benchmark: PlannedBenchmark = {
    workload: "point-select",
    parameters: { rows: 100_000 },
    client: {
      engine: "native",
      agents: 2,
      sessions: "pool",
      connections: 16,
      mix: "per-operation",
      timeoutMs: 1000,
      latencyLimitMs: 10,
      samplesKept: 1000,
      ...options.client,
    },
    phases,
    method: {
      kind: "highest-rate",
      search: { arrival: "poisson", saturationClients: 16, steps: 4, phases },
    },
    dataBytes: 50_000_000,
    k6Script: null,
    variants: [{ name: "", topology }],
    ...options.benchmark,
  };
  return { ...plan, benchmark };
}

interface Recorded {
  readonly agents: number;
  readonly fromUs: Micros;
  readonly random: () => number;
}

function recordStage(number: number, wanted: FakeStage, { agents, fromUs, random }: Recorded): RecordedStage {
  const stage: Stage = {
    stage: number,
    variant: wanted.variant ?? "",
    name: wanted.name ?? `stage ${number}`,
    purpose: wanted.purpose ?? "fixed",
    shape: wanted.shape ?? fakeOpenShape(1000),
    phases: wanted.phases ?? { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 1 },
  };
  const seconds: StageSecond[] = [];
  const samples: Sample[] = [];
  for (const [index, phase] of phasesOf(stage).entries()) {
    for (let agent = 1; agent <= agents; agent++) {
      // Agents begin a little after one another.
      const secondUs = fromUs + index * 1_000_000 + agent * 1500;
      const operation = operationSecond(stage, wanted, { agents, agent, random });
      seconds.push({
        stage: number,
        phase,
        fromUs: secondUs,
        toUs: secondUs + 1_000_000,
        operations: [operation],
        client: {
          agent,
          cpuCores: wanted.cpuCores ?? 0.3,
          latenessP50Us: 15,
          latenessP99Us: wanted.latenessP99Us ?? 80,
          latenessMaxUs: 400,
          eventLoopP99Us: 200,
          memoryMb: 80,
          connectionsOpen: 8,
          served: (wanted.served ?? 16) / agents,
        },
      });
      samples.push(sampleIn(seconds.length, secondUs));
    }
  }
  const recorded = seconds.map(wanted.second ?? ((second) => second));
  const endUs = seconds.at(-1)?.toUs ?? fromUs;
  return {
    stage,
    engine: { version: "native", timer: "process.hrtime", timerResolutionNs: 50, ownCostUs: 9.5 },
    startedUs: fromUs,
    end: wanted.end === undefined ? { kind: "complete", atUs: endUs } : wanted.end,
    seconds: recorded,
    samples: new Map([["select", samples]]),
  };
}

function phasesOf({ phases: { warmupSeconds, steadySeconds, coolDownSeconds } }: Stage): StagePhase[] {
  return [
    ...Array.from({ length: warmupSeconds }, () => "warmup" as const),
    ...Array.from({ length: steadySeconds }, () => "steady" as const),
    ...Array.from({ length: coolDownSeconds }, () => "cool-down" as const),
  ];
}

function operationSecond(
  stage: Stage,
  wanted: FakeStage,
  {
    agents,
    agent,
    random,
  }: { readonly agents: number; readonly agent: number; readonly random: () => number },
): OperationSecond {
  const latencyUs = wanted.latencyUs ?? ((draw) => 500 - 300 * Math.log(1 - draw()));
  const rate =
    stage.shape.kind === "open" && stage.shape.rate.kind === "constant" ? stage.shape.rate.perSecond : 1000;
  const all = wanted.okPerSecond ?? rate;
  // The whole of it, divided exactly.
  const ok = Math.floor((all + agents - agent) / agents);
  const lags = Array.from({ length: ok }, () => Math.round(20 + 60 * random()));
  const latencies = lags.map((lag) => lag + Math.round(latencyUs(random)));
  return {
    operation: "select",
    latency: fakeHistogram(latencies),
    serviceTime: fakeHistogram(latencies.map((latency, index) => latency - (lags[index] ?? 0))),
    lag: fakeHistogram(lags),
    ok,
    inTime: latencies.filter((latency) => latency <= 10_000).length,
    failed: agent === 1 ? (wanted.failed ?? {}) : {},
    unknown: {},
    retried: {},
    neverSent: 0,
    late: 0,
  };
}

/** A histogram as an engine records one. Microseconds. */
export function fakeHistogram(micros: readonly number[]): EncodedHistogram {
  if (micros.length === 0) return null;
  const histogram = build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const value of micros) histogram.recordValue(value);
  return encodeIntoCompressedBase64(histogram);
}

function sampleIn(id: number, secondUs: Micros): Sample {
  return {
    id,
    intendedUs: secondUs + 100,
    startUs: secondUs + 140,
    endUs: secondUs + 900,
    outcome: "ok",
    code: null,
  };
}

function eventsOf({ stage, startedUs, seconds, end }: RecordedStage): ClusterEvent[] {
  const base = { kind: "stage", stage: stage.stage, name: stage.name } as const;
  const steadyUs = seconds.find(({ phase }) => phase === "steady")?.fromUs ?? startedUs;
  return [
    { ...base, atUs: startedUs, phase: "warmup" },
    { ...base, atUs: steadyUs, phase: "steady" },
    ...(end === null ? [] : [{ ...base, atUs: end.atUs, phase: "ended" } as const]),
  ];
}

/** The machine and one PgBouncer, once a second. */
function readingsOf({ seconds, startedUs }: RecordedStage, { meanWaitMs = 0 }: FakeStage): ResourceReading[] {
  const lastUs = seconds.at(-1)?.toUs ?? startedUs;
  const readings: ResourceReading[] = [];
  for (let atUs = startedUs; atUs < lastUs; atUs += 1_000_000) {
    readings.push(
      { kind: "machine", atUs, cores: 2, busyCores: 1.1, ioWaitCores: 0, stolenCores: 0 },
      {
        kind: "pooler",
        atUs,
        pgbouncer: "pgbouncer-1",
        clientsActive: 16,
        clientsWaiting: meanWaitMs > 0 ? 4 : 0,
        serversActive: 6,
        serversIdle: 10,
        poolSize: 100,
        longestWaitMs: meanWaitMs * 2,
        meanWaitMs,
      },
      {
        kind: "postgres",
        atUs,
        member: "worker-1a",
        primary: true,
        connections: 19,
        maxConnections: 400,
        activeByWait: {},
        walBytesPerSecond: 0,
        checkpoints: 0,
      },
    );
  }
  return readings;
}
