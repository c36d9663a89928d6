import { expect, test } from "vitest";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording } from "./benchmark-recording.fake.ts";
import { stepResult, type StepResult } from "./capacity.ts";
import type { Figure, StageMeasurement } from "./measurement.ts";

test("a late client explains a p99 beyond the limit where its lateness is what was missing", () => {
  expect(resultOf({ p99Ms: 14, latenessMs: 6 })).toBe("client-bound");
});

test("a p99 that is beyond the limit without the client's lateness too is the cluster's", () => {
  expect(resultOf({ p99Ms: 88, latenessMs: 4 })).toBe("failed");
});

test("a rate that was kept up has passed, however late the client was", () => {
  expect(resultOf({ p99Ms: 9, latenessMs: 6 })).toBe("passed");
});

function resultOf(late: { readonly p99Ms: number; readonly latenessMs: number }): StepResult["kind"] {
  const { stages } = measure(fakeBenchmarkRecording(), { byInjection: [], whole: [], twoPrimaries: [] });
  const passed = stages.find(
    (stage) => stage.stage.purpose === "search" && stepResult(stage, 1e6).kind === "passed",
  );
  const [all, ...others] = passed!.operations;
  const step: StageMeasurement = {
    ...passed!,
    operations: [{ ...all!, latencyMs: { ...all!.latencyMs, p99: ms(late.p99Ms) } }, ...others],
    client: {
      ...passed!.client,
      clientBound: null,
      clientLate: "it was late",
      latenessP99Ms: ms(late.latenessMs),
    },
  };
  return stepResult(step, 10).kind;
}

function ms(value: number): Figure {
  return { kind: "value", value };
}
