import type { RateProfile, StagePhase, StagePhases } from "../../../../model/benchmark.ts";

/** A stretch of a stage during which the rate goes linearly from one value to another. */
interface RatePiece {
  /** From the stage's start. Seconds. */
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  /** Operations due before it: the integral of the rate up to its beginning. */
  readonly operationsBefore: number;
}

/** The rate of a stage over its time. */
export interface RateCurve {
  /** Operations of the whole stage: the integral of the rate. */
  readonly operations: number;
  /** When so many operations have become due. Seconds from the stage's start; Infinity past its end. */
  readonly secondsAt: (operations: number) => number;
}

/** Warm-up at the profile's first rate, the profile over the steady phase, cool-down at its last rate. */
export function rateCurve(profile: RateProfile, phases: StagePhases): RateCurve {
  const pieces: RatePiece[] = [];
  let fromSeconds = 0;
  let operations = 0;
  const add = (seconds: number, fromPerSecond: number, toPerSecond: number): void => {
    if (seconds <= 0) return;
    pieces.push({ fromSeconds, seconds, fromPerSecond, toPerSecond, operationsBefore: operations });
    fromSeconds += seconds;
    operations += (seconds * (fromPerSecond + toPerSecond)) / 2;
  };
  const rates = steadyRates(profile);
  add(phases.warmupSeconds, rates[0]?.[0] ?? 0, rates[0]?.[0] ?? 0);
  for (const [from, to] of rates) add(phases.steadySeconds / rates.length, from, to);
  const last = rates.at(-1)?.[1] ?? 0;
  add(phases.coolDownSeconds, last, last);
  let current = 0;
  return {
    operations,
    secondsAt: (due) => {
      if (due >= operations) return Infinity;
      // Asked in ascending order: the piece is the same as last time, or one of the next.
      if (due < (pieces[current]?.operationsBefore ?? 0)) current = 0;
      while (due >= (pieces[current + 1]?.operationsBefore ?? Infinity)) current += 1;
      const piece = pieces[current];
      return piece === undefined ? Infinity : piece.fromSeconds + secondsWithin(piece, due);
    },
  };
}

/** Which part of its stage a moment belongs to. */
export function phaseAt(phases: StagePhases, seconds: number): StagePhase {
  if (seconds < phases.warmupSeconds) return "warmup";
  return seconds < phases.warmupSeconds + phases.steadySeconds ? "steady" : "cool-down";
}

function steadyRates(profile: RateProfile): readonly (readonly [from: number, to: number])[] {
  switch (profile.kind) {
    case "constant":
      return [[profile.perSecond, profile.perSecond]];
    case "ramp":
      return [[profile.fromPerSecond, profile.toPerSecond]];
    case "steps":
      return profile.perSecond.map((rate) => [rate, rate] as const);
  }
}

/**
 * Solves `a t + (b - a) t^2 / 2T = x` for t: x operations into a piece of T seconds whose rate goes from a to b. The
 * form with the root in the denominator has no cancellation and also holds for a = b.
 */
function secondsWithin(
  { seconds, fromPerSecond, toPerSecond, operationsBefore }: RatePiece,
  due: number,
): number {
  const x = due - operationsBefore;
  const slope = (toPerSecond - fromPerSecond) / seconds;
  const root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * x));
  return x === 0 ? 0 : Math.min(seconds, (2 * x) / (fromPerSecond + root));
}
