import { describe, expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import { autoregression } from "../stats/autoregression.fake.ts";
import { type KnownFigure, medianFigure } from "../stats/figures.ts";
import { mannWhitney } from "../stats/mann-whitney.ts";
import { findDifference } from "./find-difference.ts";
import { leastToDecide } from "./gather-evidence.ts";
import { independentBlocks } from "./independent-blocks.ts";
import type { SecondSeries } from "./second-series.ts";
import { weighEvidence } from "./weigh-evidence.ts";

const runs = { kind: "runs" } as const;

describe("a difference", () => {
  test("whose ranks point the other way than its figures is neither better nor worse", () => {
    // Nine of ten runs are quicker, and the figures (as a mean or a percentile over all might) say slower.
    const { finding, why } = found({
      own: exactly([80, 81, 82, 83, 84, 85, 86, 87, 88]),
      first: exactly([100, 101, 102, 103, 104, 105, 106, 107, 108]),
      shown: [value(120), value(104)],
    });
    expect(finding).toBe("undecided");
    expect(why).toBe("The runs differ one way and the figures the other: a few of them stand out.");
  });

  test("that chance explains is none, however far apart the figures are", () => {
    const { finding } = found({ own: exactly([90, 200, 95, 210]), first: exactly([100, 105, 99, 98]) });
    expect(finding).toBe("undecided");
  });

  test("of less than 5 % is none, however sure it is", () => {
    const { finding, why } = found({
      own: exactly(Array.from({ length: 12 }, (_, index) => 104.5 + index / 2)),
      first: exactly(Array.from({ length: 12 }, (_, index) => 100 + index / 2)),
    });
    expect(finding).toBe("undecided");
    expect(why).toContain("There is a difference, by the estimate of less than 5 %, but not surely less.");
  });

  test("is better or worse by the metric's direction", () => {
    const [low, high] = [exactly([10, 11, 12, 13]), exactly([20, 21, 22, 23])];
    expect(found({ own: low, first: high }).finding).toBe("better");
    expect(found({ own: high, first: low }).finding).toBe("worse");
    expect(found({ own: low, first: high, metric: "throughput" }).finding).toBe("worse");
  });

  test("from nothing to something has no ratio, and is found all the same", () => {
    const zeros = exactly([0, 0, 0, 0, 0]);
    const lost = exactly([3, 5, 4, 8, 6]);
    expect(found({ own: lost, first: zeros, metric: "lost-writes" }).finding).toBe("worse");
    const { finding, why } = found({ own: zeros, first: zeros, metric: "lost-writes" });
    expect(finding).toBe("undecided");
    expect(why).toContain("No difference was seen.");
  });

  test("that would be one alone is none among many", () => {
    const evidence = { own: exactly([10, 11, 12, 13]), first: exactly([20, 21, 22, 23]) };
    const { finding, why } = found({ ...evidence, tested: 30 });
    expect(finding).toBe("undecided");
    expect(why).toBe(
      "It would be decided if it were the only figure; among the 30 that were tested p is 0.86. About 7 runs of each might.",
    );
  });

  test("between figures known within bounds is one only where the bounds do not meet", () => {
    const first = exactly([1, 1.1, 1.2, 1.3]);
    const beyond: KnownFigure[] = [within(2, 9), within(3, 4), { kind: "at-least", value: 5 }, within(2, 20)];
    expect(found({ own: beyond, first }).finding).toBe("worse");
    expect(found({ own: first, first: beyond }).finding).toBe("better");
    const meeting = [within(0.5, 9), within(1, 4), within(0.9, 5), within(1, 20)];
    const { finding, why } = found({ own: meeting, first });
    expect(finding).toBe("undecided");
    expect(why).toBe("Some values are known within bounds only, and what they may be leaves it open.");
  });
});

describe("likeness", () => {
  const close = Array.from({ length: 8 }, (_, index) => 100 + index / 4);

  test("is found where both one-sided tests refuse 5 % and more", () => {
    expect(found({ own: exactly(close), first: exactly(close.map((each) => each + 0.1)) }).finding).toBe(
      "alike",
    );
  });

  test("is not what remains when no difference is found", () => {
    const scattered = exactly([60, 80, 100, 120, 140]);
    const { finding, why } = found({ own: scattered, first: scattered });
    expect(finding).toBe("undecided");
    expect(why).toMatch(/^Neither a difference nor likeness \(less than 5 % apart\) is shown/);
  });

  test("of most values is not that of figures which a few of them spoil", () => {
    const { finding } = found({
      own: exactly(close),
      first: exactly(close),
      shown: [value(130), value(101)],
    });
    expect(finding).toBe("undecided");
  });

  test("is not said of values that are known within bounds wider than that", () => {
    expect(found({ own: close.map((each) => within(each, each * 2)), first: exactly(close) }).finding).toBe(
      "undecided",
    );
  });
});

test("to find one difference takes 4 of each, and 7 among thirty figures", () => {
  expect([1, 2, 10, 30].map(leastToDecide)).toEqual([4, 5, 6, 7]);
});

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
      0.95,
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
    const { finding } = found({
      ...blocks,
      shown: [value(mean(own)), value(mean(first))],
      metric: "throughput",
    });
    const { noDifference } = weighEvidence({
      unit: { kind: "blocks", seconds: blocks.seconds },
      ...blocks,
    });
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

interface Case {
  readonly own: readonly KnownFigure[];
  readonly first: readonly KnownFigure[];
  /** The figures that are shown, of this side and of the first; the medians by default. */
  readonly shown?: readonly [Figure, Figure];
  readonly metric?: MetricName;
  /** Figures tested, of which all others show nothing. */
  readonly tested?: number;
}

function found({ own, first, shown, metric = "latency-p99", tested = 1 }: Case) {
  const weighed = weighEvidence({ unit: runs, own, first });
  const [ownShown, firstShown] = shown ?? [medianFigure(own), medianFigure(first)];
  return findDifference(
    metric,
    { own: ownShown, first: firstShown },
    {
      weighed,
      noDifference: Math.min(1, weighed.noDifference * tested),
      farApart: weighed.farApart === null ? null : Math.min(1, weighed.farApart * tested),
      tested,
    },
  );
}

function exactly(values: readonly number[]): KnownFigure[] {
  return values.map(value);
}

function value(of: number): KnownFigure {
  return { kind: "value", value: of };
}

function within(low: number, high: number): KnownFigure {
  return { kind: "between", low, high };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function share(findings: readonly string[], wanted: readonly string[]): number {
  return findings.filter((finding) => wanted.includes(finding)).length / findings.length;
}
