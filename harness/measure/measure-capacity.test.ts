import { describe, expect, test } from "vitest";
import type { BenchmarkMethod, Stage } from "../model/benchmark.ts";
import {
  fakeBenchmarkPlan,
  fakeBenchmarkRecording,
  fakeOpenShape,
} from "../model/benchmark-recording.fake.ts";
import type { CapacityMeasurement, StageMeasurement } from "../model/measurement.ts";
import { measureCapacity } from "./measure-capacity.ts";
import { measureStage } from "./measure-stage.ts";

const { benchmark } = fakeBenchmarkPlan();
const { search } = benchmark.method as Extract<BenchmarkMethod, { kind: "highest-rate" }>;
const fractions: BenchmarkMethod = { kind: "fractions-of-capacity", search, percents: [50] };

test("a method without a search has no capacity", () => {
  expect(
    measureCapacity({ ...benchmark, method: { kind: "fixed", stages: [] } }, benchmark.variants[0]!, []),
  ).toEqual([]);
});

test("one that was confirmed lies from there to the lowest rate that was refused", () => {
  const { perSecond, how } = found([
    saturated(),
    refused(2500),
    stageOf("search", 2000),
    stageOf("confirmation", 2000),
  ]);
  expect(perSecond).toEqual({ kind: "between", low: 2000, high: 2500 });
  expect(how).toBe(
    "2,000/s was kept up with a p99 within 10 ms in the search of 2 steps, and confirmed by a stage of its own; " +
      "2,500/s was refused (p99 50 ms, above 10 ms).",
  );
});

test("one that later shares are of needs no confirmation", () => {
  const { how } = found([saturated(), refused(2500), stageOf("search", 2000)], fractions);
  expect(how).toBe(
    "2,000/s was kept up with a p99 within 10 ms in the search of 2 steps; " +
      "2,500/s was refused (p99 50 ms, above 10 ms); shares are of 2,000/s.",
  );
  expect(found([saturated(), stageOf("search", 2000)], fractions).how).toMatch(
    / in the search of 1 step; no higher rate was/,
  );
});

describe("where no higher rate was refused it is at least so much", () => {
  test("and may be higher", () => {
    const { perSecond, how } = found([saturated(), stageOf("search", 2000), stageOf("confirmation", 2000)]);
    expect(perSecond).toEqual({ kind: "at-least", value: 2000 });
    expect(how).toMatch(/; no higher rate was refused by the cluster, so it may be higher\.$/);
  });

  test("and the lowest that was tried says why it was not", () => {
    const bound = (perSecond: number): StageMeasurement => {
      const step = refused(perSecond);
      return { ...step, client: { ...step.client, clientBound: "full" } };
    };
    const steps = [
      saturated(),
      bound(2600),
      bound(2500),
      refused(1500),
      stageOf("search", 2000),
      stageOf("confirmation", 2000),
    ];
    expect(found(steps).how).toMatch(/ cluster \(at 2,500\/s client-bound: full\), so it may be higher\.$/);
    const once = [saturated(3000), refused(2500), stageOf("search", 2000), stageOf("confirmation", 2000)];
    expect(found(once).how).toMatch(
      /\(at 2,500\/s refused and not tried again, p99 50 ms, above 10 ms\), so/,
    );
  });
});

test("of several tries it says how many were so", () => {
  const steps = [
    saturated(3000),
    refused(2500),
    refused(2500),
    refused(2000),
    stageOf("search", 2000),
    stageOf("search", 2000),
  ];
  expect(found(steps, fractions).how).toBe(
    "2,000/s was kept up with a p99 within 10 ms in 2 of 3 tries in the search of 2 steps; " +
      "2,500/s was refused in 2 of 2 tries (p99 50 ms, above 10 ms); shares are of 2,000/s.",
  );
});

test("of several tries a refusal is explained by one that refused, and bears on one stall where it may be one", () => {
  const step = refused(2500);
  const [first, ...others] = step.bySecond;
  const [all] = step.operations;
  // One second of five was answered late, and all others in time.
  const stalled: StageMeasurement = {
    ...step,
    operations: [{ ...all!, inTime: 0.8 * all!.outcomes.ok }],
    bySecond: [first!, ...others.map(({ ended }) => ({ ended, inTime: ended }))],
  };
  const bound = { ...stalled, client: { ...step.client, clientBound: "full" } };
  const steps = [saturated(3000), stalled, stalled, stalled, bound, bound, stageOf("search", 2000)];
  expect(found(steps, fractions).how).toMatch(
    /; 2,500\/s was refused in 3 of 5 tries \(p99 50 ms, above 10 ms, perhaps from one stall\);/,
  );
});

test("a higher rate that the search kept up is no reason why none was refused", () => {
  const steps = [saturated(3000), stageOf("search", 2200), stageOf("confirmation", 2000)];
  expect(found(steps).how).toMatch(/ was refused by the cluster, so it may be higher\.$/);
});

describe("is not found", () => {
  test.each([
    ["no stage was run", []],
    [
      "the saturation stage, from which steps are chosen, measured no throughput",
      [{ ...saturated(), problem: "it failed" }],
    ],
    ["no step of the search was run", [saturated()]],
    [
      "no rate that was tried was kept up (1,500/s: p99 50 ms, above 10 ms)",
      [saturated(), refused(2500), refused(1500)],
    ],
    ["2,000/s was found and not confirmed by a second stage", [saturated(), stageOf("search", 2000)]],
    [
      "2,000/s was found and not confirmed: p99 50 ms, above 10 ms",
      [saturated(), stageOf("search", 2000), refused(2000, "confirmation")],
    ],
  ])("because %s", (reason, stages) => {
    const { perSecond, how } = found(stages);
    expect(perSecond).toEqual({ kind: "withheld", reason });
    expect(how).toBe(`Not found: ${reason}.`);
  });

  test("by stages of another variant", () => {
    const others = [saturated(), stageOf("search", 2000), stageOf("confirmation", 2000)].map(
      (step): StageMeasurement => ({ ...step, stage: { ...step.stage, variant: "another" } }),
    );
    expect(found(others).how).toBe("Not found: no stage was run.");
  });
});

function found(
  stages: readonly StageMeasurement[],
  method: BenchmarkMethod = benchmark.method,
): CapacityMeasurement {
  return measureCapacity({ ...benchmark, method }, benchmark.variants[0]!, stages)[0]!;
}

/** Beyond which 2,500/s is, and 2,000/s is not. */
function saturated(perSecond = 2400): StageMeasurement {
  const step = stageOf("saturation", 16);
  const throughput = { kind: "value", value: perSecond } as const;
  return { ...step, withoutStallsPerSecond: { throughput, goodput: throughput } };
}

/** Answered late, all the time. */
function refused(perSecond: number, purpose: Stage["purpose"] = "search"): StageMeasurement {
  const step = stageOf(purpose, perSecond);
  const p99 = { kind: "value", value: 50 } as const;
  const operations = step.operations.map((each) => ({
    ...each,
    inTime: 0,
    latencyMs: { ...each.latencyMs, p99 },
    withoutLatenessMs: { ...each.withoutLatenessMs, p99 },
  }));
  return { ...step, operations, bySecond: step.bySecond.map(({ ended }) => ({ ended, inTime: 0 })) };
}

/** At this rate, kept up within the limit; of the saturation, with so many clients. */
function stageOf(purpose: Stage["purpose"], perSecond: number): StageMeasurement {
  const shape =
    purpose === "saturation"
      ? ({ kind: "closed", clients: perSecond, thinkTimeMs: 0 } as const)
      : fakeOpenShape(perSecond);
  const { stages, resources } = fakeBenchmarkRecording({
    stages: [{ purpose, shape, latencyUs: () => 1000 }],
  });
  return measureStage(stages[0]!, benchmark.client, resources);
}
