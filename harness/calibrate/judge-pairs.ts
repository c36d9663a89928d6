import type { Sample } from "../model/sample.ts";
import type { GivenAnswer } from "./delaying-stub.ts";
import type { ControlWake } from "./control-sleeper.ts";
import { valueAtPercentile } from "../stats/percentiles.ts";
import type { ExpectedTimes } from "./expected-times.ts";

/** One operation as the engine measured it and as the stub says that it was. Microseconds, one clock. */
export interface Pair {
  readonly intendedUs: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly receivedUs: number;
  readonly writtenUs: number;
  /** How long the stub had not looked before it read the statement. */
  readonly notLookedUs: number;
}

export type Percent = 50 | 95 | 99;

/** `differs`: the engine is wrong; `unknown`: the machine was too late itself to say. */
export type CalibrationOutcome = "matches" | "differs" | "unknown";

/** One percentile of one kind of time: what the stub gave, and what the engine made of it. Milliseconds. */
export interface CalibratedFigure {
  readonly time: "latency" | "service time" | "schedule lag";
  readonly percent: Percent;
  /** What a faultless client would find of a stub that keeps its delays exactly. */
  readonly askedMs: number;
  /**
   * By the stub's own times: from the intended start, or from reading the statement, to writing its answer. The stub knows
   * nothing of the schedule: for the lag it is what was asked.
   */
  readonly givenMs: number;
  readonly measuredMs: number;
  /** Measured less given, of the window in which that was least: noise of the machine only adds. */
  readonly excessMs: number;
  /** How late the control was, or the stub in looking at its connections, in that window. */
  readonly controlMs: number;
  /** What threads of engine and stub waited for a processor in that window, in all. */
  readonly waitedMs: number;
  readonly toleranceMs: number;
  readonly outcome: CalibrationOutcome;
}

/** A figure matches when the engine adds no more than this: a share of what was given, or so much, whichever is more. */
export const tolerance = { share: 0.05, ms: 0.5 } as const;

/**
 * Wake-ups on an operation's way, each of which the machine may delay: the sender, the stub, and the engine's reading.
 * Their delays add in mass, so that one operation in a hundred is late where a single sleeper is so once in 300 wake-ups.
 */
const WAKE_UPS = 3;

/** Each sample beside the stub's answer to it; a sample without one, or an answer without a sample, is in neither. */
export function pairUp(samples: readonly Sample[], given: readonly GivenAnswer[]): Pair[] {
  const answers = new Map(given.map((answer) => [answer[0], answer]));
  return samples
    .flatMap(({ id, intendedUs, startUs, endUs, outcome }) => {
      const answer = answers.get(id);
      if (answer === undefined || outcome !== "ok") return [];
      return [
        { intendedUs, startUs, endUs, receivedUs: answer[1], writtenUs: answer[2], notLookedUs: answer[3] },
      ];
    })
    .sort((one, other) => one.intendedUs - other.intendedUs);
}

/** A part of what counts, judged by itself. */
export interface CalibrationWindow {
  readonly pairs: readonly Pair[];
  readonly control: readonly ControlWake[];
  /** What the threads of engine and stub together waited for a processor in it. Microseconds. */
  readonly waitedUs: number;
}

/** Every percentile of each time, over windows of equal length that are cut by intended start. */
export function judgePairs(
  windows: readonly CalibrationWindow[],
  expected: ExpectedTimes,
  ratePerSecond: number,
): CalibratedFigure[] {
  const all = windows.flatMap(({ pairs }) => pairs);
  return times.flatMap(({ time, asked, given, measured }) =>
    ([50, 95, 99] as const).map((percent): CalibratedFigure => {
      const askedMs = valueAtPercentile(expected[asked], percent);
      const givenIn = (pairs: readonly Pair[]): number =>
        given === null ? askedMs : percentileMs(pairs, given, percent);
      const givenMs = givenIn(all);
      const toleranceMs = Math.max(tolerance.ms, tolerance.share * givenMs);
      const [best] = windows
        .map((window) => ({
          window,
          excessMs: percentileMs(window.pairs, measured, percent) - givenIn(window.pairs),
        }))
        .sort((one, other) => one.excessMs - other.excessMs);
      if (best === undefined) throw new Error("there is no window");
      const { window, excessMs } = best;
      const controlMs = Math.max(
        lateOnTheWayMs(window.control, percent),
        percentileMs(window.pairs, ({ notLookedUs }) => notLookedUs, percent),
      );
      const outOfTurn = { excessMs, percent, operations: window.pairs.length, ratePerSecond };
      const machine = controlMs > toleranceMs || window.waitedUs / 1000 >= leastWaitMs(outOfTurn);
      return {
        time,
        percent,
        askedMs,
        givenMs,
        measuredMs: percentileMs(all, measured, percent),
        excessMs,
        controlMs,
        waitedMs: window.waitedUs / 1000,
        toleranceMs,
        outcome: outcomeOf({ excessMs, toleranceMs, machine }),
      };
    }),
  );
}

function percentileMs(pairs: readonly Pair[], of: (pair: Pair) => number, percent: number): number {
  return valueAtPercentile(Float64Array.from(pairs, of).sort(), percent) / 1000;
}

/**
 * The least that threads must have waited for a processor in all to raise a percentile by so much: the operations from
 * that percentile on, each held up by itself; or all of them by one wait, during which they fall due.
 */
function leastWaitMs(raised: {
  readonly excessMs: number;
  readonly percent: Percent;
  readonly operations: number;
  readonly ratePerSecond: number;
}): number {
  const { excessMs, percent, operations, ratePerSecond } = raised;
  const heldUp = operations * (1 - percent / 100);
  return Math.min(heldUp * excessMs, (heldUp * 1000) / ratePerSecond + excessMs);
}

/**
 * What no delay of the machine explains: an operation that began after the stub had read it or ended before it was
 * answered, one that is missing, one that was not due when the constant schedule has it. One sentence for each kind.
 */
export function impossiblePairs(
  pairs: readonly Pair[],
  schedule: { readonly ratePerSecond: number; readonly operations: number },
): string[] {
  const found: string[] = [];
  const missing = schedule.operations - pairs.length;
  if (missing !== 0) found.push(`${schedule.operations} operations were due, ${pairs.length} were measured`);
  const early = pairs.filter(({ startUs, receivedUs }) => startUs > receivedUs + CLOCK_STEP_US).length;
  if (early > 0) found.push(`${early} are said to have started after the server had read them`);
  const ahead = pairs.filter(({ endUs, writtenUs }) => endUs < writtenUs - CLOCK_STEP_US).length;
  if (ahead > 0) found.push(`${ahead} are said to have ended before the server had answered them`);
  const firstUs = pairs[0]?.intendedUs ?? 0;
  const off = pairs.filter(({ intendedUs }, index) => {
    return Math.abs(intendedUs - firstUs - (index * 1e6) / schedule.ratePerSecond) > 2 * CLOCK_STEP_US;
  }).length;
  if (missing === 0 && off > 0) found.push(`${off} were not due when the schedule has them`);
  return found;
}

/** Samples are in whole microseconds. */
const CLOCK_STEP_US = 1;

const times = [
  {
    time: "latency",
    asked: "latencyMs",
    given: ({ intendedUs, writtenUs }: Pair) => writtenUs - intendedUs,
    measured: ({ intendedUs, endUs }: Pair) => endUs - intendedUs,
  },
  {
    time: "service time",
    asked: "serviceTimeMs",
    given: ({ receivedUs, writtenUs }: Pair) => writtenUs - receivedUs,
    measured: ({ startUs, endUs }: Pair) => endUs - startUs,
  },
  {
    time: "schedule lag",
    asked: "lagMs",
    given: null,
    measured: ({ intendedUs, startUs }: Pair) => startUs - intendedUs,
  },
] as const;

/** Less than what was given cannot be: whatever the machine does, that is the engine's. */
function outcomeOf(figure: {
  readonly excessMs: number;
  readonly toleranceMs: number;
  /** The machine alone explains as much. */
  readonly machine: boolean;
}): CalibrationOutcome {
  const { excessMs, toleranceMs, machine } = figure;
  if (excessMs < -0.01) return "differs";
  if (excessMs <= toleranceMs) return "matches";
  return machine ? "unknown" : "differs";
}

function lateOnTheWayMs(control: readonly ControlWake[], percent: Percent): number {
  const late = Float64Array.from(control, ([, lateUs]) => lateUs).sort();
  return valueAtPercentile(late, 100 - (100 - percent) / WAKE_UPS) / 1000;
}
