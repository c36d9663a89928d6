import { describe, expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import { type KnownFigure, medianFigure } from "../stats/figures.ts";
import { findDifference } from "./find-difference.ts";
import { leastToDecide } from "./gather-evidence.ts";
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
