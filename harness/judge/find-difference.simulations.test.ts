import { describe, expect, test } from "vitest";
import { autoregression } from "../stats/autoregression.fake.ts";
import type { KnownFigure } from "../stats/figures.ts";
import { mannWhitney } from "../stats/mann-whitney.ts";
import { findDifference } from "./find-difference.ts";
import { independentBlocks } from "./independent-blocks.ts";
import type { SecondSeries } from "./second-series.ts";
import { weighEvidence } from "./weigh-evidence.ts";

/** Each second remembers a share (phi) of the one before; figures scatter by 5 % where nothing else is said. */
describe("among simulated pairs of runs whose seconds are autocorrelated", () => {
  const level = 0.05;
  /** Two and a half standard errors above the level: one in 160 honest simulations would be beyond. */
  const bound = (pairs: number): number => level + 2.5 * Math.sqrt((level * (1 - level)) / pairs);

  test.each([60, 300, 900])(
    "of %i s that scatter by 30 %, equal ones are called better or worse no more often than 5 %",
    (seconds) => {
      const pairs = 300;
      // Wide enough for chance alone to make 5 % and more.
      const findings = simulated({ pairs, seconds, phi: 0.8, shift: 1, scatter: 0.3 });
      expect(share(findings, ["better", "worse"])).toBeLessThanOrEqual(bound(pairs));
    },
  );

  test.each([
    [60, 0],
    [300, 0.5],
    [900, 0.8],
  ])("of %i s with a memory of %f, the rank test itself keeps its level", (seconds, phi) => {
    const pairs = 400;
    const significant = pairsOf({ pairs, seconds, phi, shift: 1 }).filter(
      (weighed) => weighed !== null && weighed.noDifference <= level,
    ).length;
    expect(significant / pairs).toBeLessThanOrEqual(bound(pairs));
  });

  test("single seconds would cry wolf in half of all cases: the memory is what blocks are for", () => {
    const pairs = 200;
    const alarms = Array.from({ length: pairs }, (_, seed) => {
      const run = (of: number) => secondsOf({ n: 300, phi: 0.8, seed: of, shift: 1 });
      return mannWhitney(run(2 * seed), run(2 * seed + 1)).twoSided <= level;
    }).filter(Boolean).length;
    expect(alarms / pairs).toBeGreaterThan(0.3);
  });

  test("a tenth more is found in nine of ten pairs of 900 s, and never taken for less", () => {
    const findings = simulated({ pairs: 100, seconds: 900, phi: 0.8, shift: 1.1 });
    expect(share(findings, ["better"])).toBeGreaterThanOrEqual(0.9);
    expect(share(findings, ["worse", "alike"])).toBe(0);
  });

  test("equal ones are alike where there is much of them, and undecided where there is little", () => {
    expect(share(simulated({ pairs: 60, seconds: 1800, phi: 0.8, shift: 1 }), ["alike"])).toBeGreaterThan(
      0.9,
    );
    expect(share(simulated({ pairs: 60, seconds: 60, phi: 0.8, shift: 1 }), ["undecided"])).toBeGreaterThan(
      0.9,
    );
  });

  test("what is just 5 % apart is called alike no more often than 5 %", () => {
    const pairs = 300;
    const findings = simulated({ pairs, seconds: 300, phi: 0.5, shift: 1.05 });
    expect(share(findings, ["alike"])).toBeLessThanOrEqual(bound(pairs));
  });
});

interface Simulation {
  readonly pairs: number;
  readonly seconds: number;
  readonly phi: number;
  /** The second run's level over the first's. */
  readonly shift: number;
  readonly scatter?: number;
}

function simulated(simulation: Simulation): string[] {
  return pairsOf(simulation).map((weighed) => weighed?.finding ?? "undecided");
}

/** null: too few blocks. */
function pairsOf({ pairs, seconds: n, phi, shift, scatter }: Simulation) {
  return Array.from({ length: pairs }, (_, pair) => {
    const own = secondsOf({ n, phi, seed: 7000 + 2 * pair, shift, scatter });
    const first = secondsOf({ n, phi, seed: 7001 + 2 * pair, shift: 1, scatter });
    const blocks = independentBlocks(seriesOf(own), seriesOf(first));
    if (typeof blocks === "string" || Math.min(blocks.own.length, blocks.first.length) < 3) return null;
    const weighed = weighEvidence({ unit: { kind: "blocks", seconds: blocks.seconds }, ...blocks });
    const { noDifference, farApart } = weighed;
    const shown = { own: value(mean(own)), first: value(mean(first)) };
    const { finding } = findDifference("throughput", shown, { weighed, noDifference, farApart, tested: 1 });
    return { finding, noDifference };
  });
}

interface SimulatedRun extends Omit<Simulation, "pairs" | "seconds" | "scatter"> {
  readonly n: number;
  readonly seed: number;
  readonly scatter?: number | undefined;
}

function secondsOf({ n, phi, seed, shift, scatter = 0.05 }: SimulatedRun): number[] {
  return autoregression({ n, phi, seed }).map((deviation) => 1000 * shift * Math.exp(scatter * deviation));
}

function seriesOf(values: readonly number[]): SecondSeries {
  return { seconds: values.length, over: (from, to) => value(mean(values.slice(from, to))) };
}

function value(of: number): KnownFigure {
  return { kind: "value", value: of };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function share(findings: readonly string[], wanted: readonly string[]): number {
  return findings.filter((finding) => wanted.includes(finding)).length / findings.length;
}
