import { describe, expect, it, test } from "vitest";
import { capacitySoFar, foundCapacity } from "../model/capacity.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import { fakeBenchmark, simulate, type SimulatedSystem } from "./simulated-system.fake.ts";

const benchmark = fakeBenchmark();
const { method } = benchmark;
if (method.kind !== "highest-rate") throw new Error("These tests are about searches");
const fractions = fakeBenchmark({
  method: { kind: "fractions-of-capacity", search: method.search, percents: [25, 50, 75] },
});

/** Answers in 2 ms until it is nearly full, and in ever more from there: an open queue. */
function withKneeAt(knee: number, saturationPerSecond = knee * 1.3): SimulatedSystem {
  return { saturationPerSecond, p99Ms: (rate) => (rate <= knee ? 2 + (8 * rate) / knee : 500) };
}

function names(stages: readonly StageMeasurement[]): readonly string[] {
  return stages.map(({ stage }) => stage.name);
}

function capacityOf(stages: readonly StageMeasurement[], of = benchmark): ReturnType<typeof foundCapacity> {
  return foundCapacity(of.method, capacitySoFar(stages, of.client.latencyLimitMs));
}

describe("a search", () => {
  it("saturates first, halves the range from there, and confirms the highest rate that was kept up", () => {
    const stages = simulate(benchmark, withKneeAt(4000, 5000));
    expect(names(stages)).toEqual([
      "saturation",
      "step 1: 2,890/s",
      "step 2: 4,200/s",
      "step 3: 3,550/s",
      "step 4: 3,880/s",
      "step 5: 4,040/s",
      "confirmation",
    ]);
    expect(stages.map(({ stage }) => stage.stage)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(stages[0]?.stage.shape).toEqual({ kind: "closed", clients: 16, thinkTimeMs: 0 });
    expect(stages.at(-1)?.stage.phases).toEqual(benchmark.phases);
    expect(capacityOf(stages)).toEqual({ perSecond: 3880, limit: true });
  });

  it.each([300, 1000, 2345, 9999, 40_000])(
    "finds a knee at %i/s within 3 percent of the range it looked at",
    (knee) => {
      const saturation = knee * 1.3;
      const found = capacityOf(simulate(benchmark, withKneeAt(knee, saturation)))?.perSecond ?? 0;
      expect(found).toBeLessThanOrEqual(knee);
      expect(found).toBeGreaterThan(knee - 0.035 * saturation * 1.1);
    },
  );

  it("of a system that keeps up everything ends near what saturation allows, and calls that a lower bound", () => {
    const stages = simulate(benchmark, { saturationPerSecond: 5000, p99Ms: () => 3 });
    const found = capacityOf(stages);
    expect(found?.limit).toBe(false);
    expect(found?.perSecond).toBeGreaterThan(5300);
  });

  it("of a system that keeps up nothing ends without a confirmation, and no capacity is said to be found", () => {
    const stages = simulate(benchmark, { saturationPerSecond: 5000, p99Ms: () => 80 });
    expect(stages).toHaveLength(1 + 5);
    expect(capacityOf(stages)).toBeNull();
    expect(capacitySoFar(stages, 10).lowestFailed?.result).toMatchObject({
      kind: "failed",
      why: "p99 80 ms, above 10 ms",
    });
  });

  it("does not go on when saturation gave nothing to go by", () => {
    const stages = simulate(benchmark, { ...withKneeAt(1000), problem: () => "28P01: wrong password" });
    expect(names(stages)).toEqual(["saturation"]);
  });

  it("takes a rate as not kept up when errors leave less than 99 % answered, however fast the others were", () => {
    const stages = simulate(benchmark, { saturationPerSecond: 5000, p99Ms: () => 2, inTime: 0.98 });
    expect(capacityOf(stages)).toBeNull();
  });

  it("tries no rate at which a step is too short for a p99", () => {
    const stages = simulate(benchmark, withKneeAt(200, 240));
    expect(names(stages)).toEqual(["saturation"]);
    expect(capacityOf(stages)).toBeNull();
  });

  it("does not take the client's own limit for the cluster's", () => {
    const clientBound = (rate: number): string | null =>
      rate > 3000 ? "client-bound: CPU 0.97 of a core" : null;
    const found = capacityOf(simulate(benchmark, { ...withKneeAt(3000, 5000), clientBound }));
    expect(found?.perSecond).toBeLessThanOrEqual(3000);
    expect(found?.limit).toBe(false);
  });
});

describe("a rate that a longer stage does not confirm", () => {
  const shaky = (keptUp: number): SimulatedSystem => ({
    saturationPerSecond: 5000,
    p99Ms: (rate, { purpose }) => (rate <= (purpose === "confirmation" ? keptUp : 4000) ? 5 : 90),
  });

  it("is tried once more at 90 %, and that is the capacity when it holds", () => {
    const stages = simulate(benchmark, shaky(3700));
    expect(names(stages).slice(-2)).toEqual(["confirmation", "second confirmation"]);
    expect(capacityOf(stages)).toEqual({ perSecond: 3490, limit: true });
  });

  it("leaves no capacity when that does not hold either", () => {
    const stages = simulate(benchmark, shaky(1000));
    expect(names(stages).slice(-2)).toEqual(["confirmation", "second confirmation"]);
    expect(capacityOf(stages)).toBeNull();
  });
});

describe("fractions of the capacity", () => {
  it("are measured one after the other, with the benchmark's own phases, after the search", () => {
    const stages = simulate(fractions, withKneeAt(4000, 5000));
    expect(names(stages).slice(-3)).toEqual(["25 % of capacity", "50 % of capacity", "75 % of capacity"]);
    expect(stages.slice(-3).map(({ stage }) => stage.shape)).toEqual(
      [970, 1940, 2910].map((perSecond) => ({
        kind: "open",
        arrival: "poisson",
        rate: { kind: "constant", perSecond },
      })),
    );
    expect(stages.at(-1)?.stage).toMatchObject({ purpose: "fraction", phases: fractions.phases });
    expect(capacityOf(stages, fractions)).toEqual({ perSecond: 3880, limit: true });
  });

  it("are not measured where no capacity was found", () => {
    const stages = simulate(fractions, { saturationPerSecond: 5000, p99Ms: () => 80 });
    expect(new Set(stages.map(({ stage }) => stage.purpose))).toEqual(new Set(["saturation", "search"]));
  });
});

test("fixed stages follow one another as they stand, whatever was measured", () => {
  const shape = { kind: "closed", clients: 4, thinkTimeMs: 0 } as const;
  const fixed = fakeBenchmark({
    method: {
      kind: "fixed",
      stages: [
        { name: "a", shape },
        { name: "b", shape },
      ],
    },
  });
  const stages = simulate(fixed, { ...withKneeAt(1), problem: () => "failed" });
  expect(stages.map(({ stage }) => [stage.name, stage.purpose])).toEqual([
    ["a", "fixed"],
    ["b", "fixed"],
  ]);
});

test("every variant has its own search", () => {
  const variants = ["one", "two"].map((name) => ({ ...benchmark.variants[0]!, name }));
  const [first, second] = variants.map((variant) =>
    simulate({ ...benchmark, variants: [variant] }, withKneeAt(1000)),
  );
  expect(names(second ?? [])).toEqual(names(first ?? []));
  expect(second?.[0]?.stage.variant).toBe("two");
});
