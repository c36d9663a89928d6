import type { StagePhases, RateProfile } from "../../../../model/benchmark.ts";
import type { Micros } from "../../../../model/clock.ts";
import type { Arrival } from "../../../../model/load.ts";
import type { Random } from "../../../../model/workload.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { rateCurve } from "./rate-curve.ts";

/** One agent of several that send a stage together. */
export interface Share {
  /** From 1. */
  readonly agent: number;
  readonly of: number;
}

/** The operations that one agent has to begin, in order. The one that is due next can be seen at any time. */
export interface OpenSchedule {
  /** Number of the next operation within the stage, from 0. */
  readonly number: number;
  /** When it is due: microseconds from the stage's start; Infinity: there is none left. */
  readonly dueUs: Micros;
  /** Goes on to the agent's next operation. */
  advance(): void;
}

/**
 * Constant: operation n is due when the integral of the rate reaches n. Poisson: a process of unit rate, in the time
 * that the integral makes (time change of a non-homogeneous process: Cinlar, Introduction to Stochastic Processes,
 * 4.7). Every agent draws all of the stage's operations and begins those with n % of == agent - 1, so that together
 * they send exactly what one would have sent.
 */
export function openSchedule(options: {
  readonly arrival: Arrival;
  readonly rate: RateProfile;
  readonly phases: StagePhases;
  readonly seed: number;
  readonly stage: number;
  readonly share: Share;
}): OpenSchedule {
  const { arrival, rate, phases, seed, stage, share } = options;
  const { secondsAt } = rateCurve(rate, phases);
  const random = seededRandom(seed, `stage ${stage} arrivals`);
  return drawnSchedule({ arrival, secondsAt, random, share });
}

/**
 * A schedule that never ends, at one rate, which it comes to from nothing in equal steps over `rampSeconds`; without them,
 * operation 0 of a constant one is due `offset` intervals after the start.
 */
export function endlessSchedule(options: {
  readonly arrival: Arrival;
  readonly ratePerSecond: number;
  readonly rampSeconds?: number | undefined;
  readonly offset: number;
  readonly random: Random;
}): OpenSchedule {
  const { arrival, ratePerSecond, rampSeconds = 0, offset, random } = options;
  // The integral of the rate: t^2 x rate / (2 x ramp) while it rises, half of the ramp's operations less from then on.
  const secondsAt = (operations: number): number => {
    const atFullRate = (operations + offset) / ratePerSecond;
    return atFullRate < rampSeconds / 2
      ? Math.sqrt(2 * rampSeconds * atFullRate)
      : atFullRate + rampSeconds / 2;
  };
  return drawnSchedule({ arrival, secondsAt, random, share: { agent: 1, of: 1 } });
}

function drawnSchedule(options: {
  readonly arrival: Arrival;
  /** When so many operations have become due. */
  readonly secondsAt: (operations: number) => number;
  readonly random: Random;
  readonly share: Share;
}): OpenSchedule {
  const { arrival, secondsAt, random, share } = options;
  let drawn = -1;
  let reached = 0;
  const drawNext = (): void => {
    drawn += 1;
    if (arrival === "poisson") reached -= Math.log(1 - random());
    else reached = drawn;
  };
  const schedule = {
    number: 0,
    dueUs: 0,
    advance: () => {
      do drawNext();
      while (drawn % share.of !== share.agent - 1);
      schedule.number = drawn;
      schedule.dueUs = secondsAt(reached) * 1e6;
    },
  };
  schedule.advance();
  return schedule;
}

/** Several schedules as one: of `n` of them, operation k of the one at `position` has the number k x n + position. */
export function mergedSchedule(parts: readonly OpenSchedule[]): OpenSchedule {
  const next = (): {
    readonly part: OpenSchedule | null;
    readonly number: number;
    readonly dueUs: Micros;
  } => {
    let first = { part: null as OpenSchedule | null, number: 0, dueUs: Infinity };
    parts.forEach((part, position) => {
      if (part.dueUs < first.dueUs)
        first = { part, number: part.number * parts.length + position, dueUs: part.dueUs };
    });
    return first;
  };
  let first = next();
  return {
    get number() {
      return first.number;
    },
    get dueUs() {
      return first.dueUs;
    },
    advance: () => {
      first.part?.advance();
      first = next();
    },
  };
}
