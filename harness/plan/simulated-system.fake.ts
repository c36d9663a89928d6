import type { PlannedBenchmark, PlannedVariant, Stage } from "../model/benchmark.ts";
import { ratePerSecond } from "../model/capacity.ts";
import type { Figure, Percentiles, StageMeasurement } from "../model/measurement.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { nextStage } from "./next-stage.ts";

/** A system under test that is a formula. */
export interface SimulatedSystem {
  /** Throughput of clients that never wait. */
  readonly saturationPerSecond: number;
  /** p99 at an open rate, milliseconds; above the knee it is beyond any limit. */
  readonly p99Ms: (perSecond: number, stage: Stage) => number;
  readonly clientBound?: (perSecond: number) => string | null;
  readonly problem?: (stage: Stage) => string | null;
  /** Share of the due operations that are answered in time; without it all, or none above the limit. */
  readonly inTime?: number;
  /** How long the whole system stood still, from one second after the steady phase began, milliseconds; else never. */
  readonly stallMs?: (stage: Stage) => number;
}

const variant: PlannedVariant = { name: "", topology: fakeTopology() };

/** A benchmark of one variant for tests: search with steps of 4 s, p99 within 10 ms, then what `changes` say. */
export function fakeBenchmark(changes: Partial<PlannedBenchmark> = {}): PlannedBenchmark {
  return {
    workload: "point-select",
    parameters: { rows: 100_000 },
    dataBytes: 15_000_000,
    client: {
      engine: "native",
      agents: 1,
      sessions: "pool",
      connections: 16,
      mix: "per-operation",
      timeoutMs: 2000,
      latencyLimitMs: 10,
      samplesKept: 20_000,
    },
    phases: { warmupSeconds: 2, steadySeconds: 20, coolDownSeconds: 0 },
    method: {
      kind: "highest-rate",
      search: {
        arrival: "poisson",
        saturationClients: 16,
        steps: 6,
        phases: { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0 },
      },
    },
    k6Script: null,
    variants: [variant],
    ...changes,
  };
}

/** Runs a benchmark's first variant on a simulated system to its end; throws when there is none. */
export function simulate(benchmark: PlannedBenchmark, system: SimulatedSystem): readonly StageMeasurement[] {
  const done: StageMeasurement[] = [];
  for (;;) {
    const stage = nextStage(benchmark, benchmark.variants[0] ?? variant, done, done.length + 1);
    if (stage === null) return done;
    done.push(measured(stage, system, benchmark.client.latencyLimitMs));
    if (done.length > 100) throw new Error("There is no end to it");
  }
}

function measured(stage: Stage, system: SimulatedSystem, limitMs: number): StageMeasurement {
  const asked = ratePerSecond(stage.shape);
  const { steadySeconds } = stage.phases;
  const stallMs = system.stallMs?.(stage) ?? 0;
  const stalled = Math.max(0, stallMs - limitMs) / 1000;
  const withoutStall = asked === null ? 50 : system.p99Ms(asked, stage);
  const p99 = stalled > 0.01 * steadySeconds ? Math.max(stallMs, withoutStall) : withoutStall;
  const throughput = asked ?? system.saturationPerSecond;
  const n = throughput * steadySeconds;
  const withheld: Figure = { kind: "withheld", reason: `needs 1000 samples, has ${n}` };
  const latencyMs: Percentiles = {
    n,
    mean: value(p99 / 3),
    p50: value(p99 / 4),
    p95: value(p99 / 2),
    p99: n >= 1000 ? value(p99) : withheld,
    p999: withheld,
    max: value(p99 * 2),
  };
  const none = value(0);
  const share = system.inTime ?? (withoutStall <= limitMs ? 0.995 : 0.4);
  const bySecond = Array.from({ length: Math.ceil(steadySeconds) }, (_, second) => ({
    ended: throughput,
    inTime: throughput * share * (second === 0 ? 1 : 1 - Math.min(1, Math.max(0, stalled - (second - 1)))),
  }));
  const inTime = bySecond.reduce((sum, each) => sum + each.inTime, 0) / (throughput * bySecond.length);
  return {
    stage,
    title: stage.name,
    steadySeconds,
    offeredPerSecond: value(throughput),
    throughputPerSecond: value(throughput),
    goodputPerSecond: value(throughput * inTime),
    withoutStallsPerSecond: { throughput: value(throughput), goodput: value(throughput * inTime) },
    operations: [
      {
        operation: "all operations",
        outcomes: { ok: n, failed: 0, unknown: 0 },
        failed: {},
        unknown: {},
        retried: {},
        neverSent: 0,
        late: 0,
        stalled: 0,
        cutShort: 0,
        inTime: n * inTime,
        latencyMs,
        withoutLatenessMs: latencyMs,
        serviceTimeMs: latencyMs,
        serviceWithoutStallsMs: latencyMs,
        lagMs: latencyMs,
      },
    ],
    bySecond,
    client: {
      agents: 1,
      cpuCores: value(0.5),
      busiestAgentCores: value(0.5),
      busiestSenderCores: value(0.5),
      latenessP99Ms: none,
      memoryMb: value(80),
      cpuPerOperationUs: value(20),
      clientBound: system.clientBound?.(throughput) ?? null,
      clientLate: null,
      stoodStillSeconds: value(0),
      stoodStill: null,
      fineUpToPerSecond: value(20_000),
    },
    connectionsServed: value(16),
    connectionsWanted: 16,
    bottlenecks: null,
    problem: system.problem?.(stage) ?? null,
  };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
