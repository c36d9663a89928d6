import type { BenchmarkMethod } from "./benchmark.ts";
import type { StageMeasurement } from "./measurement.ts";
import { type TriedRate, triedRates } from "./tried-rate.ts";

/** What the stages of one variant say of its capacity so far. */
export interface CapacitySoFar {
  /** Operations per second answered by the closed stage; null: not run, or of no use. */
  readonly saturationPerSecond: number | null;
  /** The rates of the search, in the order of their first tries. */
  readonly rates: readonly TriedRate[];
  /** Those of the longer stages that confirm what it found. */
  readonly confirmations: readonly TriedRate[];
}

/** Where the capacity lies: from the highest rate that was kept up to the lowest above it that was refused. */
export interface CapacityInterval {
  readonly keptUp: TriedRate;
  /** null: no higher rate was refused by the cluster. */
  readonly refused: TriedRate | null;
}

/** Reads the stages of one variant, in the order they were run. */
export function capacitySoFar(stages: readonly StageMeasurement[], latencyLimitMs: number): CapacitySoFar {
  const saturation = stages.find(({ stage }) => stage.purpose === "saturation");
  const saturationPerSecond = saturation === undefined ? null : usableThroughput(saturation);
  const ratesOf = (purpose: "search" | "confirmation"): readonly TriedRate[] =>
    triedRates(
      stages.filter(({ stage }) => stage.purpose === purpose),
      latencyLimitMs,
      saturationPerSecond,
    );
  return {
    saturationPerSecond,
    rates: ratesOf("search"),
    confirmations: ratesOf("confirmation"),
  };
}

/** null: none. */
export function highestKeptUp(rates: readonly TriedRate[]): TriedRate | null {
  return byRate(rates.filter(({ outcome }) => outcome === "kept-up")).at(-1) ?? null;
}

/**
 * What was found: the confirmed rate where the method confirms, else the highest that the search kept up. null: none. A
 * rate that was refused once and not tried again, as in recordings of before this was done, bounds nothing, unless it
 * was beyond saturation and far from kept up.
 */
export function foundCapacity(method: BenchmarkMethod, soFar: CapacitySoFar): CapacityInterval | null {
  const { rates, confirmations } = soFar;
  const keptUp = highestKeptUp(method.kind === "highest-rate" ? confirmations : rates);
  if (keptUp === null) return null;
  const above = [...rates, ...confirmations].filter(
    ({ perSecond, outcome }) => outcome === "refused" && perSecond > keptUp.perSecond,
  );
  return { keptUp, refused: byRate(above)[0] ?? null };
}

/** Lowest first. */
export function byRate(rates: readonly TriedRate[]): TriedRate[] {
  return rates.toSorted((a, b) => a.perSecond - b.perSecond);
}

function usableThroughput({ problem, withoutStallsPerSecond }: StageMeasurement): number | null {
  const { throughput } = withoutStallsPerSecond;
  if (problem !== null || throughput.kind === "withheld") return null;
  const perSecond = throughput.kind === "between" ? throughput.high : throughput.value;
  return perSecond > 0 ? perSecond : null;
}
