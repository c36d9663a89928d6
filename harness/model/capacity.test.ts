import { expect, test } from "vitest";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording, fakeOpenShape, type FakeStage } from "./benchmark-recording.fake.ts";
import { stepResult, type StepResult } from "./capacity.ts";
import type { Figure, StageMeasurement } from "./measurement.ts";

test("a late client explains a p99 beyond the limit that would have been within it without its lateness", () => {
  expect(resultOf({ p99Ms: 14, withoutMs: 8 })).toBe("client-bound");
});

test("a p99 that is beyond the limit without the client's lateness too is the cluster's", () => {
  expect(resultOf({ p99Ms: 88, withoutMs: 84 })).toBe("failed");
});

test("stalls of the client explain what timed out for them, and no more", () => {
  // 8 % of all.
  const stalled = (perSecond: number) =>
    passedStep({
      okPerSecond: 1840,
      failed: { CLIENT_TIMEOUT: 160 },
      second: (second) => ({
        ...second,
        operations: second.operations.map((each) => ({ ...each, stalled: 0, cutShort: perSecond / 2 })),
      }),
    });
  expect(stepResult(stalled(160), 10)).toEqual({
    kind: "client-bound",
    why: "it was late: p99 at least 1,000 ms from when operations were due, at least 1.54 ms without its own lateness",
  });
  expect(stepResult(stalled(100), 10).kind).toBe("failed");
});

test("a rate that was kept up has passed, however late the client was", () => {
  expect(resultOf({ p99Ms: 9, withoutMs: 3 })).toBe("passed");
});

test("a rate at which 40 % fail at once is not kept up, however quick the others", () => {
  const failing = passedStep({ okPerSecond: 1200, failed: { "42P01": 800 }, latencyUs: () => 1000 });
  expect(stepResult(failing, 10)).toEqual({ kind: "failed", why: "only 60.0 % were answered ok" });
});

test("a stage that has a problem, or too few operations for a p99, says nothing of a rate, and neither of a client", () => {
  const end = { kind: "failed", code: "agent-failed", reason: "the agent died", atUs: 17_000_000 } as const;
  const full = { cpuCores: 0.97, latencyUs: () => 20_000 };
  expect(stepResult(passedStep({ end, ...full }), 10)).toEqual({
    kind: "not-measured",
    why: "it failed (agent-failed): the agent died",
  });
  expect(stepResult(passedStep({ shape: fakeOpenShape(100) }), 10)).toEqual({
    kind: "not-measured",
    why: "no p99: p99 needs 1000 samples, there are 500",
  });
});

test("chance takes operations from Poisson arrivals, and from evenly spaced ones one of each agent", () => {
  const result = (arrival: "poisson" | "constant", ended: number) =>
    stepResult(
      passedStep({
        shape: { kind: "open", arrival, rate: { kind: "constant", perSecond: 2000 } },
        okPerSecond: ended / 5,
      }),
      10,
    ).kind;
  // 10,000 are due in 5 s, of which 99 % must end; two agents send them.
  expect(result("constant", 9900)).toBe("passed");
  expect(result("constant", 9895)).toBe("failed");
  expect(result("poisson", 9895)).toBe("passed");
  expect(result("poisson", 9600)).toBe("passed");
  expect(result("poisson", 9595)).toBe("failed");
});

function resultOf(late: { readonly p99Ms: number; readonly withoutMs: number }): StepResult["kind"] {
  const passed = passedStep({});
  const [all, ...others] = passed.operations;
  const step: StageMeasurement = {
    ...passed,
    operations: [
      {
        ...all!,
        latencyMs: { ...all!.latencyMs, p99: ms(late.p99Ms) },
        withoutLatenessMs: { ...all!.withoutLatenessMs, p99: ms(late.withoutMs) },
      },
      ...others,
    ],
  };
  return stepResult(step, 10).kind;
}

/** A step at 2,000/s for 5 s. */
function passedStep(stage: FakeStage): StageMeasurement {
  const recording = fakeBenchmarkRecording({
    stages: [{ purpose: "search", shape: fakeOpenShape(2000), ...stage }],
  });
  return measure(recording, {
    byInjection: [],
    sinceLastInjection: [],
    whole: [],
    primaries: [],
    secondAcknowledgements: null,
    copies: [],
    checks: [],
    gaps: [],
  }).stages[0]!;
}

function ms(value: number): Figure {
  return { kind: "value", value };
}
