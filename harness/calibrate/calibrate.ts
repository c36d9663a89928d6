import { existsSync } from "node:fs";
import path from "node:path";
import { connectAgent, type Agent } from "../load/connect-agent.ts";
import type { StageLoad } from "../load/engines/engine.ts";
import { measureStage } from "../measure/measure-stage.ts";
import type { ClientSettings, Pacing } from "../model/benchmark.ts";
import type { LineChannel } from "../model/capabilities.ts";
import type { Clock } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";
import type { Figure, Percentiles, StageMeasurement } from "../model/measurement.ts";
import type { EngineDescription, StageSecond } from "../model/stage.ts";
import { packageRoot } from "../package-root.ts";
import { expectedTimes, percentileOf } from "./expected-times.ts";
import { knownCases, type KnownCase, type KnownDelay } from "./known-delays.ts";
import { startScript } from "./script-process.ts";

/** One percentile: what is known of it, and what the harness measured. Milliseconds. */
export interface CalibratedPercentile {
  readonly percentile: "p50" | "p95" | "p99";
  /** Of a faultless client and a stub that keeps its delays exactly. */
  readonly expectedLatencyMs: number;
  readonly latencyMs: Figure;
  readonly expectedServiceTimeMs: number;
  readonly serviceTimeMs: Figure;
  /** What the stub says that it really took, from reading a statement to writing its answer. */
  readonly givenMs: number;
  /** Do latency and service time match what is expected, within the tolerance? */
  readonly matches: boolean;
}

export interface CalibratedCase {
  readonly title: string;
  readonly load: KnownCase["load"];
  /** Operations answered in the steady phase. */
  readonly operations: number;
  readonly percentiles: readonly CalibratedPercentile[];
  readonly matches: boolean;
}

/** How punctual the sender is in one pacing mode, and what it costs. */
export interface CalibratedPacing {
  readonly pacing: Pacing;
  readonly ratePerSecond: number;
  readonly lagMs: Percentiles;
  readonly cpuCores: Figure;
}

export interface Calibration {
  readonly engine: EngineDescription;
  readonly cases: readonly CalibratedCase[];
  readonly pacing: readonly CalibratedPacing[];
  /** Did every case match? */
  readonly matches: boolean;
}

/**
 * A percentile matches when it is this near: a share of what is known, or so many milliseconds, whichever is more. One
 * operation in a hundred may meet the machine's scheduler or a process' garbage collector, so p99 has more.
 */
export const tolerance = { share: 0.05, ms: { p50: 0.5, p95: 0.5, p99: 2 } } as const;

/** Rate of the stages that compare the pacing modes. */
const PACING_RATE = 2_000;
const PACING_SECONDS = 4;
/** Beyond its load, a stage may take this much longer before it is given up. */
const STAGE_SLACK_MS = 20_000;

/**
 * Sends open loads with the native engine, in the agent's own process, against a stub server whose delays are known,
 * and compares what comes out. Needs no Docker. Both processes end with it. Rejects with a HarnessError when a stage
 * could not be sent.
 */
export async function calibrate(options: {
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly signal: AbortSignal;
  readonly onStep: (title: string) => void;
  readonly cases?: readonly KnownCase[];
}): Promise<Calibration> {
  const { clock, signal, onStep } = options;
  const cases: CalibratedCase[] = [];
  const pacing: CalibratedPacing[] = [];
  let engine: EngineDescription | null = null;
  for (const known of options.cases ?? knownCases) {
    signal.throwIfAborted();
    onStep(known.title);
    const sent = await sendAgainst(known.delay, { ...known.load, pacing: "sleep" }, { clock, signal });
    engine ??= sent.engine;
    cases.push(compare(known, sent));
  }
  for (const mode of ["sleep", "nap", "spin"] as const) {
    signal.throwIfAborted();
    onStep(`pacing: ${mode}`);
    const load = {
      ratePerSecond: PACING_RATE,
      connections: 32,
      seconds: PACING_SECONDS,
      warmupSeconds: 2,
      pacing: mode,
    };
    const { stage, engine: described } = await sendAgainst({ kind: "fixed", delayMs: 3 }, load, {
      clock,
      signal,
    });
    engine ??= described;
    const lagMs = stage.operations[0]?.lagMs;
    if (lagMs === undefined) throw nothingMeasured(stage);
    pacing.push({ pacing: mode, ratePerSecond: PACING_RATE, lagMs, cpuCores: stage.client.cpuCores });
  }
  if (engine === null) throw new Error("there is no case");
  return { engine, cases, pacing, matches: cases.every(({ matches }) => matches) };
}

interface Sent {
  readonly stage: StageMeasurement;
  readonly engine: EngineDescription;
  readonly givenMs: Float64Array;
}

/** One stage against one stub. */
async function sendAgainst(
  delay: KnownDelay,
  load: KnownCase["load"] & { readonly pacing: Pacing },
  { clock, signal }: { readonly clock: Clock & { readonly epochNs: bigint }; readonly signal: AbortSignal },
): Promise<Sent> {
  await using stub = startScript(built("harness/calibrate/stub-main.js"), JSON.stringify(delay));
  const stubSays = answersOf(stub.channel);
  const { port } = (await stubSays()) as { readonly port: number };
  await using sender = startScript(built("agent/bin/agent.cjs"));
  await using agent = await connectAgent({
    channel: sender.channel,
    epochNs: clock.epochNs,
    clock,
    password: "",
  });
  const { stage, engine } = await sendStage(agent, stageLoad(port, load), { clock, signal });
  stub.channel.send("report");
  const { givenMs } = (await stubSays()) as { readonly givenMs: readonly number[] };
  return { stage, engine, givenMs: Float64Array.from(givenMs) };
}

function stageLoad(port: number, load: KnownCase["load"] & { readonly pacing: Pacing }): StageLoad {
  const here = { host: "127.0.0.1", port };
  const client: ClientSettings = {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: load.connections,
    mix: "per-operation",
    timeoutMs: 5_000,
    latencyLimitMs: 1_000,
    pacing: load.pacing,
    samplesKept: 0,
  };
  return {
    stage: 1,
    seed: 1,
    workload: "point-select",
    parameters: {},
    shape: { kind: "open", arrival: "constant", rate: { kind: "constant", perSecond: load.ratePerSecond } },
    phases: { warmupSeconds: load.warmupSeconds, steadySeconds: load.seconds, coolDownSeconds: 0 },
    client,
    endpoints: { readWrite: here, readOnly: here },
    database: "bench",
    firstId: 0,
    k6Script: null,
  };
}

async function sendStage(
  agent: Agent,
  load: StageLoad,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly stage: StageMeasurement; readonly engine: EngineDescription }> {
  const seconds: StageSecond[] = [];
  const sink = { second: (second: StageSecond) => void seconds.push(second), samples: () => undefined };
  const { engine, startedUs, ended } = await agent.startStage(load, sink);
  const done = new AbortController();
  const budgetMs = (load.phases.warmupSeconds + load.phases.steadySeconds) * 1000 + STAGE_SLACK_MS;
  const limit = clock.sleep(budgetMs, AbortSignal.any([signal, done.signal])).then(() => {
    throw new HarnessError({
      code: "calibration-hangs",
      message: `Expected the stage to end within ${budgetMs / 1000} s, it goes on.`,
    });
  });
  limit.catch(() => undefined);
  const end = await Promise.race([ended, limit]);
  done.abort();
  const stage = measureStage(
    {
      stage: {
        stage: 1,
        variant: "",
        name: "calibration",
        purpose: "fixed",
        shape: load.shape,
        phases: load.phases,
      },
      engine,
      startedUs,
      end,
      seconds,
      samples: new Map(),
    },
    load.client,
    [],
  );
  if (stage.problem !== null) throw nothingMeasured(stage);
  return { stage, engine };
}

function compare({ title, delay, load }: KnownCase, { stage, givenMs }: Sent): CalibratedCase {
  const all = stage.operations[0];
  if (all === undefined) throw nothingMeasured(stage);
  const expected = expectedTimes(delay, load);
  const percentiles = ([50, 95, 99] as const).map((percent): CalibratedPercentile => {
    const percentile = `p${percent}` as const;
    const latency = { expected: percentileOf(expected.latencyMs, percent), found: all.latencyMs[percentile] };
    const service = {
      expected: percentileOf(expected.serviceTimeMs, percent),
      found: all.serviceTimeMs[percentile],
    };
    return {
      percentile,
      expectedLatencyMs: latency.expected,
      latencyMs: latency.found,
      expectedServiceTimeMs: service.expected,
      serviceTimeMs: service.found,
      givenMs: percentileOf(givenMs, percent),
      matches: [latency, service].every((pair) => isNear(pair, tolerance.ms[percentile])),
    };
  });
  const matches = percentiles.every((each) => each.matches);
  return { title, load, operations: all.latencyMs.n, percentiles, matches };
}

function isNear(
  { expected, found }: { readonly expected: number; readonly found: Figure },
  ms: number,
): boolean {
  if (found.kind !== "value") return false;
  return Math.abs(found.value - expected) <= Math.max(ms, tolerance.share * expected);
}

/** The stub's lines, one after the other, as JSON. */
function answersOf(channel: LineChannel): () => Promise<unknown> {
  const lines = channel.lines[Symbol.asyncIterator]();
  return async () => {
    const line = (await lines.next()) as IteratorResult<string, undefined>;
    if (line.done === true)
      throw new HarnessError({
        code: "stub-ended",
        message: "Expected an answer of the stub server, it has ended.",
      });
    return JSON.parse(line.value) as unknown;
  };
}

function built(name: string): string {
  const file = path.join(packageRoot(), "dist", name);
  if (existsSync(file)) return file;
  throw new HarnessError({
    code: "not-built",
    message: `Expected ${file}, found none.`,
    mend: "Run `npm run build` in dpg-bench's folder.",
  });
}

function nothingMeasured({ problem }: StageMeasurement): HarnessError {
  return new HarnessError({
    code: "calibration-failed",
    message: `Expected the calibration's load to be sent and answered, got: ${problem ?? "nothing was measured"}.`,
  });
}
