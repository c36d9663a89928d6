import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { EngineName, PlannedBenchmark, Stage, StagePurpose } from "../harness/model/benchmark.ts";
import { fakeEnvironment } from "../harness/model/environment.fake.ts";
import type { ClusterEvent } from "../harness/model/event.ts";
import { stageTitle } from "../harness/model/figure-names.ts";
import type { Figure, Percentiles, StageMeasurement, StageOperation } from "../harness/model/measurement.ts";
import { fakePlan } from "../harness/model/plan.fake.ts";
import type { ResourceReading, StatementReading } from "../harness/model/resource.ts";
import type { OperationSecond, RecordedStage, StageSecond } from "../harness/model/stage.ts";
import type { Target } from "../harness/model/target.ts";
import { fakeTopology } from "../harness/model/topology.fake.ts";
import type { PoolMode, Topology } from "../harness/model/topology.ts";
import type { Workload } from "../harness/model/workload.ts";
import { steadySeconds } from "../harness/stats/steady-phase.ts";
import { totalCount } from "../harness/stats/total-count.ts";
import { seededRandom } from "../harness/support/seeded-random.ts";
import { mergeSeconds } from "./merge-seconds.ts";
import type { Run } from "./run.ts";

export interface FakeBenchmarkOptions {
  readonly engine?: EngineName;
  /** Highest rate that the made-up cluster keeps up with, by variant; one without a name by default. */
  readonly capacities?: Readonly<Record<string, number>>;
  /** The client was the limit in the confirmation, and all targets are unknown. */
  readonly clientBound?: boolean;
  /** Client CPU per operation, microseconds. */
  readonly ownCostUs?: number;
  readonly seed?: number;
  /** The recording ends in the middle of the stage of this number. */
  readonly diesIn?: number;
}

/**
 * A made-up run of latency-simple-select for the renderers' tests: saturation, four steps, the confirmation and three
 * fractions of capacity, with a latency that grows as a queue's does.
 */
export function fakeBenchmarkRun(options: FakeBenchmarkOptions = {}): Run {
  const { capacities = { "": 8000 }, diesIn = Infinity } = options;
  const variants = Object.keys(capacities);
  const recorded: RecordedStage[] = [];
  const measured: StageMeasurement[] = [];
  const resources: ResourceReading[] = [];
  const statements: StatementReading[] = [];
  const events: ClusterEvent[] = [];
  let atUs = 8 * S;
  for (const [variant, capacity] of Object.entries(capacities)) {
    events.push({ atUs: atUs - 7 * S, kind: "variant", variant });
    events.push({ atUs: atUs - 1 * S, kind: "cluster-ready", tookMs: 6000 });
    for (const wanted of stagesOf(capacity)) {
      const stage: Stage = { ...wanted, stage: recorded.length + 1, variant };
      if (stage.stage > diesIn) continue;
      const one = oneStage(stage, atUs, { capacity, dies: stage.stage === diesIn, ...options });
      recorded.push(one.recorded);
      if (stage.stage !== diesIn) measured.push(one.measured());
      resources.push(...one.resources);
      statements.push(...statementsOf(stage));
      events.push(...eventsOf(one.recorded));
      atUs += 12 * S;
    }
    atUs += 20 * S;
  }
  const dead = diesIn !== Infinity;
  const bound = options.clientBound === true;
  const titled = (title: string): StageMeasurement | undefined => measured.find((one) => one.title === title);
  const half = titled("50 % of capacity") ?? measured.at(-1);
  const outcome = dead || bound ? "unknown" : "pass";
  const why = dead
    ? "the agent was killed in stage 3"
    : "client-bound: agent 1 used 0.97 of a core in the steady phase; it would have been fine up to 5,773/s";
  const sentence =
    outcome === "pass"
      ? "T3 was kept: latency p99 at 50 % of capacity was 1.33 ms, below 8 ms."
      : `T3 is unknown: ${why}.`;
  return {
    workload: fakeWorkload,
    recording: {
      plan: planOf(options, variants),
      environment: fakeEnvironment(topology),
      events: events.toSorted((a, b) => a.atUs - b.atUs),
      samples: new Map(),
      ledgers: [],
      stages: recorded,
      resources,
      statements,
      invariants: invariantsOf(variants),
      end: dead ? { kind: "incomplete", reason: "agent-1 was killed" } : { kind: "complete" },
    },
    measurements: {
      injections: [],
      stray: [],
      faults: [],
      latency: [],
      ledgers: [],
      scheduleLagMs: { n: 0, p50: none, p99: none, max: none },
      stages: measured,
      capacities: Object.entries(capacities).map(([variant, capacity]) => ({
        variant,
        perSecond: dead
          ? { kind: "withheld", reason: "the search did not end" }
          : { kind: "between", low: capacity * 0.9, high: capacity * 0.98 },
        how: dead
          ? "The search did not end."
          : `The highest of 4 steps whose p99 stayed within 8 ms; confirmed by a second stage at that rate.`,
      })),
      invariants: invariantsOf(variants),
      primaries: variants.map((variant) => ({
        variant,
        group: "coordinators",
        watched: true,
        stretches: [],
      })),
      secondAcknowledgements: null,
      figures: measured.flatMap(({ title, operations }) =>
        operations.slice(0, 1).map(({ latencyMs }) => ({
          metric: "latency-p99" as const,
          of: title,
          fault: null,
          figure: latencyMs.p99,
          n: latencyMs.n,
        })),
      ),
      gaps: ['p99.9 of "25 % of capacity" is withheld: it needs 10,000 samples.'],
    },
    verdict: {
      outcome,
      sentence,
      targets: targets.map((target) => ({
        target,
        outcome,
        sentence,
        evidence:
          half === undefined
            ? []
            : [
                {
                  metric: "latency-p99",
                  of: half.title,
                  fault: null,
                  figure: half.operations[0]?.latencyMs.p99 ?? none,
                  n: half.operations[0]?.latencyMs.n ?? 0,
                },
              ],
        foreseen: null,
      })),
    },
  };
}

const S = 1_000_000;
const topology = fakeTopology();
const none: Figure = { kind: "withheld", reason: "no operation was recorded" };
const WARMUP = 2;
const STEADY = 8;
const COOL_DOWN = 1;

const targets: readonly Target[] = [
  {
    id: "T3",
    title: "Simple SELECT p99 below 8 ms",
    metric: "latency-p99",
    of: "50 % of capacity",
    statistic: "each",
    bound: { below: 8 },
    source: "Architecture Overview, Targets: T3",
  },
];

const fakeWorkload: Workload = {
  name: "point-select",
  summary: "Read one row by its primary key, every row equally likely.",
  tables: [],
  seed: [],
  dataBytes: 128 * 1024 * 1024,
  operations: [
    {
      name: "select",
      kind: "read",
      endpoint: "readOnly",
      weight: 1,
      form: "statement",
      variables: [{ name: "id", kind: "uniform", from: 1, to: 1_000_000 }],
      statements: [{ sql: "select payload from point_select where id = $1", uses: ["id"] }],
      rows: 0,
      timeoutMs: null,
      ledgerTable: null,
    },
  ],
  retry: { codes: ["40001", "CONNECTION_LOST"], attempts: 3 },
  invariants: [],
};

function planOf(
  { engine = "native", seed = 42 }: FakeBenchmarkOptions,
  variants: readonly string[],
): Run["recording"]["plan"] {
  const phases = { warmupSeconds: WARMUP, steadySeconds: STEADY, coolDownSeconds: COOL_DOWN };
  const benchmark: PlannedBenchmark = {
    workload: "point-select",
    parameters: { rows: 1_000_000, distributed: 0 },
    dataBytes: fakeWorkload.dataBytes,
    client: {
      engine,
      agents: 1,
      sessions: "pool",
      connections: 16,
      mix: "per-operation",
      timeoutMs: 1000,
      latencyLimitMs: 8,
      samplesKept: 10_000,
    },
    phases,
    method: {
      kind: "fractions-of-capacity",
      search: { arrival: "poisson", saturationClients: 32, steps: 4, phases },
      percents: [25, 50, 75],
    },
    k6Script: null,
    variants: variants.map((name, index) => ({
      name,
      topology: index === 0 ? topology : withPoolMode(topology, "session"),
    })),
  };
  return fakePlan([], {
    scenario: {
      name: "latency-simple-select",
      question: "How long does a simple SELECT take, at stated shares of the capacity?",
      why: "Latency at an unstated load means nothing: the capacity is found first.",
      quick: false,
    },
    seed,
    load: null,
    streams: [],
    benchmark,
    targets,
  });
}

function withPoolMode(of: Topology, poolMode: PoolMode): Topology {
  return { ...of, pgbouncer: { ...of.pgbouncer, poolMode } };
}

type UnnumberedStage = Omit<Stage, "stage" | "variant">;

function stagesOf(capacity: number): UnnumberedStage[] {
  const phases = { warmupSeconds: WARMUP, steadySeconds: STEADY, coolDownSeconds: COOL_DOWN };
  const open = (name: string, purpose: StagePurpose, perSecond: number): UnnumberedStage => ({
    name,
    purpose,
    shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond } },
    phases,
  });
  const step = (number: number, share: number): UnnumberedStage =>
    open(
      `step ${number}: ${Math.round(capacity * share).toLocaleString("en")}/s`,
      "search",
      capacity * share,
    );
  return [
    {
      name: "saturation",
      purpose: "saturation",
      shape: { kind: "closed", clients: 32, thinkTimeMs: 0 },
      phases,
    },
    step(1, 0.5),
    step(2, 0.8),
    step(3, 0.98),
    step(4, 0.9),
    open("confirmation", "confirmation", capacity * 0.9),
    ...[25, 50, 75].map((percent) =>
      open(`${percent} % of capacity`, "fraction", (capacity * 0.9 * percent) / 100),
    ),
  ];
}

interface MadeStage {
  readonly recorded: RecordedStage;
  readonly measured: () => StageMeasurement;
  readonly resources: readonly ResourceReading[];
}

function oneStage(
  stage: Stage,
  startedUs: number,
  options: FakeBenchmarkOptions & { capacity: number; dies: boolean },
): MadeStage {
  const { capacity, dies, ownCostUs = 62 } = options;
  const random = seededRandom(stage.stage * 7919 + (options.seed ?? 42), "recording");
  const offered =
    stage.shape.kind === "open" && stage.shape.rate.kind === "constant"
      ? stage.shape.rate.perSecond
      : capacity;
  const load = offered / capacity;
  const seconds: StageSecond[] = [];
  const length = dies ? 5 : WARMUP + STEADY + COOL_DOWN;
  const cpu = (offered * ownCostUs) / 1e6;
  for (let second = 0; second < length; second++) {
    const stall = second === 6 ? 3 : 1;
    seconds.push({
      stage: stage.stage,
      phase: second < WARMUP ? "warmup" : second < WARMUP + STEADY ? "steady" : "cool-down",
      fromUs: startedUs + second * S,
      toUs: startedUs + (second + 1) * S,
      operations: [operationSecond(Math.round(offered * (0.98 + 0.04 * random())), load, stall)],
      client: {
        agent: 1,
        cpuCores: cpu * (0.96 + 0.08 * random()),
        latenessP50Us: 11,
        latenessP99Us: Math.round(80 + 500 * cpu),
        latenessMaxUs: 1900,
        eventLoopP99Us: 1100,
        memoryMb: 92,
        connectionsOpen: 16,
        served: 16,
      },
    });
  }
  const recorded: RecordedStage = {
    stage,
    engine: {
      version:
        options.engine === "pgbench" ? "pgbench 17.6" : options.engine === "k6" ? "k6 1.8.1" : "native",
      timer: "CLOCK_MONOTONIC (process.hrtime)",
      timerResolutionNs: 41,
      ownCostUs: options.engine === "pgbench" ? null : 6.4,
    },
    startedUs,
    end: dies ? null : { kind: "complete", atUs: startedUs + length * S },
    seconds,
    samples: new Map(),
  };
  return {
    recorded,
    measured: () => measureMade(recorded, { offered, cpu, options }),
    resources: seconds.flatMap(({ toUs }, index) => readingsAt(toUs, { load, offered, cpu, index, random })),
  };
}

/** Latency as of a queue: the tail grows without bound towards capacity. */
function operationSecond(count: number, load: number, stall: number): OperationSecond {
  const tail = Math.min(40, 1 / Math.max(0.012, 1 - load)) * stall;
  const quantile = (share: number): number => 380 * (1 + 0.35 * tail * -Math.log(1 - share) * 0.5);
  const service = fill(count, (share) => quantile(share) * 0.6 + 120);
  const latency = fill(count, quantile);
  const failed = load > 0.95 ? { CLIENT_TIMEOUT: 3, "53300": 1 } : {};
  return {
    operation: "select",
    latency: encode(latency),
    serviceTime: encode(service),
    lag: encode(fill(count, (share) => 30 - 60 * Math.log(1 - share) * tail * 0.2)),
    ok: count,
    inTime: Math.round(count * (load > 0.95 ? 0.91 : 0.9995)),
    failed,
    unknown: {},
    retried: load > 0.95 ? { CONNECTION_LOST: 2 } : {},
    neverSent: load > 0.95 ? 3 : 0,
    late: 2,
  };
}

function fill(count: number, quantile: (share: number) => number): Histogram {
  const histogram = build({ bitBucketSize: 32, numberOfSignificantValueDigits: 3, autoResize: true });
  const bins = Math.min(count, 250);
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.round((bin * count) / bins);
    const to = Math.round(((bin + 1) * count) / bins);
    if (bin < bins - 1) histogram.recordValueWithCount(Math.round(quantile((bin + 0.5) / bins)), to - from);
    else for (let n = from; n < to; n++) histogram.recordValue(Math.round(quantile((n + 0.5) / count)));
  }
  return histogram;
}

function encode(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

function measureMade(
  recorded: RecordedStage,
  made: { offered: number; cpu: number; options: FakeBenchmarkOptions },
): StageMeasurement {
  const { stage } = recorded;
  const steady = steadySeconds(recorded);
  const sum = (pick: (operation: OperationSecond) => number): number =>
    steady.reduce((all, { operations }) => all + operations.reduce((some, one) => some + pick(one), 0), 0);
  const bound = made.options.clientBound === true && stage.purpose === "confirmation";
  const overloaded = made.offered > 0.95 * (Object.values(made.options.capacities ?? {})[0] ?? 8000);
  const latencyMs = percentiles(mergeSeconds(steady, "latency"));
  const operation: StageOperation = {
    operation: "all operations",
    outcomes: { ok: sum((one) => one.ok), failed: sum(({ failed }) => totalCount(failed)), unknown: 0 },
    failed: overloaded ? { CLIENT_TIMEOUT: 24, "53300": 8 } : {},
    unknown: {},
    retried: overloaded ? { CONNECTION_LOST: 16 } : {},
    neverSent: sum((one) => one.neverSent),
    late: sum((one) => one.late),
    stalled: 0,
    cutShort: 0,
    inTime: sum((one) => one.inTime),
    latencyMs,
    withoutLatenessMs: latencyMs,
    serviceTimeMs: percentiles(mergeSeconds(steady, "serviceTime")),
    serviceWithoutStallsMs: percentiles(mergeSeconds(steady, "serviceTime")),
    lagMs: percentiles(mergeSeconds(steady, "lag")),
  };
  return {
    stage,
    title: stageTitle(stage),
    steadySeconds: STEADY,
    offeredPerSecond: value(made.offered),
    throughputPerSecond: value(operation.outcomes.ok / STEADY),
    goodputPerSecond: value(operation.inTime / STEADY),
    withoutStallsPerSecond: {
      throughput: value(operation.outcomes.ok / STEADY),
      goodput: value(operation.inTime / STEADY),
    },
    operations: [operation, { ...operation, operation: "select" }],
    bySecond: steady.map(({ operations: [one] }) => ({
      ended: (one?.ok ?? 0) + totalCount(one?.failed ?? {}),
      inTime: one?.inTime ?? 0,
    })),
    client: {
      agents: 1,
      cpuCores: value(made.cpu),
      busiestAgentCores: value(made.cpu * 1.04),
      busiestSenderCores: value(made.cpu * 0.9),
      latenessP99Ms: value((80 + 500 * made.cpu) / 1000),
      memoryMb: value(92),
      cpuPerOperationUs: value((made.cpu / made.offered) * 1e6),
      clientBound: bound ? "agent 1 used 0.97 of a core in the steady phase" : null,
      clientLate: null,
      stoodStillSeconds: value(0),
      stoodStill: null,
      fineUpToPerSecond: value(Math.floor((made.offered * 0.7) / made.cpu)),
    },
    connectionsServed: value(16),
    connectionsWanted: 16,
    bottlenecks: overloaded
      ? [
          {
            resource: "CPU of the machine",
            utilisation: 0.97,
            evidence: "1.94 of 2 cores were busy on average, of which coordinator-2 used 0.81.",
          },
        ]
      : [],
    problem: null,
  };
}

function percentiles(histogram: Histogram): Percentiles {
  const n = histogram.totalCount;
  const at = (percent: number, needed: number): Figure =>
    n < needed
      ? { kind: "withheld", reason: `needs ${needed.toLocaleString("en")} samples, there were ${n}` }
      : value(histogram.getValueAtPercentile(percent) / 1000);
  return {
    n,
    mean: value(histogram.mean / 1000),
    p50: at(50, 10),
    p95: at(95, 100),
    p99: at(99, 1000),
    p999: at(99.9, 20_000),
    max: value(histogram.maxValue / 1000),
  };
}

function readingsAt(
  atUs: number,
  {
    load,
    offered,
    cpu,
    index,
    random,
  }: { load: number; offered: number; cpu: number; index: number; random: () => number },
): ResourceReading[] {
  const container = (node: string, cpuCores: number): ResourceReading => ({
    atUs,
    kind: "container",
    node,
    cpuCores: cpuCores * (0.9 + 0.2 * random()),
    cpuLimit: 0,
    throttledShare: 0,
    memoryMb: 180,
    memoryLimitMb: 0,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 120_000,
    networkReceivedBytesPerSecond: offered * 160,
    networkSentBytesPerSecond: offered * 210,
  });
  return [
    {
      atUs,
      kind: "machine",
      cores: 2,
      busyCores: Math.min(1.95, 1.9 * load),
      ioWaitCores: 0.02,
      stolenCores: 0,
    },
    container("agent", cpu),
    container("haproxy", 0.22 * load),
    container("pgbouncer-2", 0.36 * load),
    container("coordinator-1", 0.04),
    container("coordinator-2", 0.74 * load),
    container("etcd-1", 0.02),
    {
      atUs,
      kind: "pooler",
      pgbouncer: "pgbouncer-2",
      clientsActive: Math.round(9 * load),
      clientsWaiting: load > 0.95 ? Math.round(6 * random()) : 0,
      serversActive: Math.round(9 * load),
      serversIdle: 16 - Math.round(9 * load),
      poolSize: 100,
      longestWaitMs: load > 0.95 ? 12 : 0,
      meanWaitMs: load > 0.95 ? 1.7 : 0.02,
    },
    {
      atUs,
      kind: "postgres",
      member: "coordinator-2",
      primary: false,
      connections: 18,
      maxConnections: 200,
      activeByWait: {
        CPU: Math.round(4 * load),
        "Client:ClientRead": Math.round(3 * random()),
        "IO:DataFileRead": index % 4 === 0 ? 1 : 0,
      },
      walBytesPerSecond: 0,
      checkpoints: 0,
    },
    {
      atUs,
      kind: "postgres",
      member: "coordinator-1",
      primary: true,
      connections: 6,
      maxConnections: 200,
      activeByWait: {},
      walBytesPerSecond: 4096 + Math.round(9000 * random()),
      checkpoints: index === 4 && load > 0.85 ? 1 : 0,
    },
  ];
}

function statementsOf({ stage }: Stage): StatementReading[] {
  return [
    {
      stage,
      member: "coordinator-2",
      query: "select payload from point_select where id = $1",
      calls: 31_000,
      totalMs: 1240,
      meanMs: 0.04,
      rows: 31_000,
      walBytes: 0,
    },
    {
      stage,
      member: "coordinator-1",
      query: "COMMIT",
      calls: 12,
      totalMs: 3.1,
      meanMs: 0.26,
      rows: 0,
      walBytes: 9_400,
    },
  ];
}

function eventsOf({ stage, startedUs, end }: RecordedStage): ClusterEvent[] {
  const { stage: number, name } = stage;
  const at = (seconds: number): number => startedUs + seconds * S;
  return [
    { atUs: at(0), kind: "stage", stage: number, name, phase: "warmup" },
    { atUs: at(WARMUP), kind: "stage", stage: number, name, phase: "steady" },
    ...(end === null
      ? []
      : [{ atUs: end.atUs, kind: "stage", stage: number, name, phase: "ended" } as const]),
  ];
}

function invariantsOf(variants: readonly string[]): Run["measurements"]["invariants"] {
  return variants.flatMap((variant) => [
    {
      variant,
      workload: "point-select",
      title: "the rows are those that were seeded",
      found: 1_000_000,
      atLeast: 1_000_000,
      atMost: 1_000_000,
      problem: null,
    },
    {
      variant,
      workload: "point-select",
      title: "no row was updated",
      found: null,
      atLeast: 0,
      atMost: 0,
      problem: "08006: the server closed the connection",
    },
  ]);
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
