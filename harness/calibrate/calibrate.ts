import { existsSync } from "node:fs";
import path from "node:path";
import { connectAgent, type Agent } from "../load/client/connect-agent.ts";
import type { StageLoad } from "../load/protocol/stage-load.ts";
import { measureStage } from "../measure/measure-stage.ts";
import type { ClientSettings } from "../model/benchmark.ts";
import type { LineChannel } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";
import type { Figure, Percentiles, StageMeasurement } from "../model/measurement.ts";
import type { Sample } from "../model/sample.ts";
import type { EngineDescription, StageSecond } from "../model/stage.ts";
import { packageRoot } from "../package-root.ts";
import { type ControlLateness, latenessOf } from "./control-lateness.ts";
import { type ControlWake, startControlSleeper } from "./control-sleeper.ts";
import type { GivenAnswer } from "./delaying-stub.ts";
import { expectedTimes } from "./expected-times.ts";
import {
  type CalibratedFigure,
  type CalibrationOutcome,
  impossiblePairs,
  judgePairs,
  pairUp,
} from "./judge-pairs.ts";
import { knownCases, type KnownCase } from "./known-delays.ts";
import { type ProcessorWait, waitedBetween, watchProcessorWaits } from "./processor-waits.ts";
import { startScript } from "./script-process.ts";
import { within } from "../support/within.ts";
import { formatValue } from "../model/format-value.ts";

/** A delay that is known, and what the engine measured of it. */
export interface CalibratedCase {
  readonly title: string;
  readonly load: KnownCase["load"];
  /** Operations that the stub answered, paired with what the engine measured of them. */
  readonly operations: number;
  readonly figures: readonly CalibratedFigure[];
  /** What no delay of the machine explains, in whole sentences; none in an engine that is right. */
  readonly impossible: readonly string[];
  readonly outcome: CalibrationOutcome;
}

/** How punctual the sender is at a higher rate, beside a thread that only sleeps, and what it costs. */
export interface CalibratedPunctuality {
  readonly ratePerSecond: number;
  readonly lagMs: Percentiles;
  /** What the machine alone was late meanwhile; null: the control did not wake. */
  readonly controlMs: ControlLateness | null;
  readonly cpuCores: Figure;
}

export interface Calibration {
  readonly engine: EngineDescription;
  readonly cases: readonly CalibratedCase[];
  readonly punctuality: CalibratedPunctuality;
  /** The worst of all cases: the engine is wrong somewhere, or the machine was too late to say, or all is right. */
  readonly outcome: CalibrationOutcome;
}

/** What the sender's punctuality is measured by. */
const PUNCTUALITY: KnownCase = {
  title: "punctuality",
  delay: { kind: "fixed", delayMs: 3 },
  load: { ratePerSecond: 2_000, connections: 32, seconds: 4, warmupSeconds: 2, windows: 1 },
};
/** Beyond its load, a stage may take this much longer before it is given up. */
const STAGE_SLACK_MS = 20_000;

/**
 * Sends open loads with the native engine, in the agent's own process, against a stub server whose delays are known, and
 * lays each operation as the engine measured it beside the stub's own times of it; both read one clock. A thread that
 * only sleeps tells meanwhile how late the machine itself is. Needs no Docker. All processes end with it. Rejects with a
 * HarnessError when a stage could not be sent.
 */
export async function calibrate(options: {
  readonly clock: Clock & { readonly epochNs: bigint };
  readonly signal: AbortSignal;
  readonly onStep: (title: string) => void;
  readonly cases?: readonly KnownCase[];
}): Promise<Calibration> {
  const { clock, signal, onStep } = options;
  const cases: CalibratedCase[] = [];
  for (const known of options.cases ?? knownCases) {
    signal.throwIfAborted();
    onStep(known.title);
    cases.push(judgeCase(known, await sendAgainst(known, { clock, signal })));
  }
  signal.throwIfAborted();
  onStep(PUNCTUALITY.title);
  const sent = await sendAgainst(PUNCTUALITY, { clock, signal });
  const outcome = worstOf(cases.map((one) => one.outcome));
  return { engine: sent.engine, cases, punctuality: punctualityOf(sent), outcome };
}

interface Sent {
  readonly stage: StageMeasurement;
  readonly engine: EngineDescription;
  /** When what counts began, on the clock of all the times below. */
  readonly steadyFromUs: Micros;
  readonly samples: readonly Sample[];
  readonly given: readonly GivenAnswer[];
  readonly control: readonly ControlWake[];
  readonly waited: readonly ProcessorWait[];
}

/** One stage against one stub. */
async function sendAgainst(
  { delay, load }: KnownCase,
  { clock, signal }: { readonly clock: Clock & { readonly epochNs: bigint }; readonly signal: AbortSignal },
): Promise<Sent> {
  const script = built("harness/calibrate/stub-main.js");
  await using stub = startScript(script, JSON.stringify(delay), String(clock.epochNs));
  const stubSays = answersOf(stub.channel);
  const { port } = (await stubSays()) as { readonly port: number };
  await using sender = startScript(built("agent/bin/agent.cjs"));
  await using agent = await connectAgent({
    channel: sender.channel,
    epochNs: clock.epochNs,
    clock,
    password: "",
  });
  await using sleeper = startControlSleeper(1000 / load.ratePerSecond, clock.epochNs);
  using waits = watchProcessorWaits([stub.pid, sender.pid], () => clock.nowUs());
  const sent = await sendStage(agent, stageLoad(port, load), { clock, signal });
  const control = await sleeper.stop();
  const waited = waits.stop();
  stub.channel.send("report");
  const { given } = (await stubSays()) as { readonly given: readonly GivenAnswer[] };
  return { ...sent, given, control, waited };
}

function stageLoad(port: number, load: KnownCase["load"]): StageLoad {
  const here = { host: "127.0.0.1", port };
  const client: ClientSettings = {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: load.connections,
    mix: "per-operation",
    timeoutMs: 5_000,
    latencyLimitMs: 1_000,
    // All of them: each second may keep its share of this.
    samplesKept: 2 * load.ratePerSecond * (load.warmupSeconds + load.seconds),
  };
  return {
    stage: 1,
    seed: 1,
    // Its first value is the operation's number, by which the stub's times are found again.
    workload: "insert",
    parameters: { payloadBytes: 1 },
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
): Promise<Omit<Sent, "given" | "control" | "waited">> {
  const seconds: StageSecond[] = [];
  const samples: Sample[] = [];
  const sink = {
    second: (second: StageSecond) => void seconds.push(second),
    samples: (_operation: string, batch: readonly Sample[]) => void samples.push(...batch),
    samplesLeftOut: () => undefined,
  };
  const { engine, startedUs, ended } = await agent.startStage(load, sink);
  const budgetMs = (load.phases.warmupSeconds + load.phases.steadySeconds) * 1000 + STAGE_SLACK_MS;
  const end = await within({ ms: budgetMs, clock, signal }, ended, () => {
    throw new HarnessError({
      code: "calibration-hangs",
      message: `Expected the stage to end within ${budgetMs / 1000} s, it goes on.`,
    });
  });
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
  return { stage, engine, steadyFromUs: startedUs + load.phases.warmupSeconds * 1e6, samples };
}

function punctualityOf({ stage, steadyFromUs, control }: Sent): CalibratedPunctuality {
  const lagMs = stage.operations[0]?.lagMs;
  if (lagMs === undefined) throw nothingMeasured(stage);
  const controlMs = latenessOf(control.filter(([dueUs]) => dueUs >= steadyFromUs));
  const { ratePerSecond } = PUNCTUALITY.load;
  return { ratePerSecond, lagMs, controlMs, cpuCores: stage.client.cpuCores };
}

function judgeCase({ title, delay, load }: KnownCase, sent: Sent): CalibratedCase {
  const { stage, steadyFromUs, samples, given, control, waited } = sent;
  const lengthUs = (load.seconds * 1e6) / load.windows;
  const untilUs = steadyFromUs + load.windows * lengthUs;
  const counted = pairUp(samples, given).filter(
    // An operation that is due at the very edge may be rounded to either side.
    ({ intendedUs }) => intendedUs >= steadyFromUs - 1 && intendedUs < untilUs - 1,
  );
  const windows = Array.from({ length: load.windows }, (_, index) => {
    const fromUs = steadyFromUs + index * lengthUs - 1;
    const within = (atUs: number): boolean => atUs >= fromUs && atUs < fromUs + lengthUs;
    return {
      pairs: counted.filter(({ intendedUs }) => within(intendedUs)),
      control: control.filter(([dueUs]) => within(dueUs)),
      waitedUs: waitedBetween(waited, fromUs, fromUs + lengthUs),
    };
  });
  const schedule = {
    ratePerSecond: load.ratePerSecond,
    operations: Math.round(load.ratePerSecond * load.seconds),
  };
  const figures = judgePairs(windows, expectedTimes(delay, load), load.ratePerSecond);
  const impossible = [...impossiblePairs(counted, schedule), ...reportedOtherwise(stage, figures)];
  const outcome = impossible.length > 0 ? "differs" : worstOf(figures.map((figure) => figure.outcome));
  return { title, load, operations: counted.length, figures, impossible, outcome };
}

/** What a run reports comes from histograms, not from samples: both must say the same, to what a histogram resolves. */
function reportedOtherwise(stage: StageMeasurement, figures: readonly CalibratedFigure[]): string[] {
  const [all] = stage.operations;
  return figures.flatMap(({ time, percent, measuredMs }) => {
    const reported = all?.[histograms[time]][`p${percent}`];
    const isSame =
      reported?.kind === "value" && Math.abs(reported.value - measuredMs) <= 0.002 * measuredMs + 0.003;
    if (isSame) return [];
    const said = reported?.kind === "value" ? formatValue(reported.value, "ms") : "nothing";
    return [
      `the histogram has ${said} for p${percent} of ${time}, the samples ${formatValue(measuredMs, "ms")}`,
    ];
  });
}

const histograms = {
  latency: "latencyMs",
  "service time": "serviceTimeMs",
  "schedule lag": "lagMs",
} as const;

function worstOf(outcomes: readonly CalibrationOutcome[]): CalibrationOutcome {
  if (outcomes.includes("differs")) return "differs";
  return outcomes.includes("unknown") ? "unknown" : "matches";
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
    hint: "Run `npm run build` in dpg-bench's folder.",
  });
}

function nothingMeasured({ problem }: StageMeasurement): HarnessError {
  return new HarnessError({
    code: "calibration-failed",
    message: `Expected the calibration's load to be sent and answered, got: ${problem ?? "nothing was measured"}.`,
  });
}
