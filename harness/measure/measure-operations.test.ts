import { expect, test } from "vitest";
import { fakeBenchmarkRecording, fakeHistogram } from "../model/benchmark-recording.fake.ts";
import type { StageOperation } from "../model/measurement.ts";
import type { OperationSecond, StageSecond } from "../model/stage.ts";
import { dueOf, measureOperations, sentOf } from "./measure-operations.ts";

const native = { engine: "native", timeoutMs: 1000 } as const;

test("all operations come first, and then each kind by name, with its own alone", () => {
  const operations = measureOperations(
    [second(ok(20, { operation: "update" }), ok(30, { operation: "select" }))],
    native,
  );
  expect(operations.map(({ operation, outcomes }) => [operation, outcomes.ok])).toEqual([
    ["all operations", 50],
    ["select", 30],
    ["update", 20],
  ]);
});

test("due is what ended in whatever way, and sent is all of that but what never was", () => {
  const all = allOf(
    ok(20, { failed: { "57P01": 2, NEVER_SENT: 3 }, unknown: { CLIENT_TIMEOUT: 4 }, neverSent: 3 }),
  );
  expect(all.outcomes).toEqual({ ok: 20, failed: 5, unknown: 4 });
  expect([dueOf(all), sentOf(all)]).toEqual([29, 26]);
});

test("what failed and what has no known outcome rank last together", () => {
  const all = allOf(ok(90, { failed: { "57P01": 6 }, unknown: { CLIENT_TIMEOUT: 4 } }));
  expect(all.latencyMs).toMatchObject({ n: 100, p95: { kind: "at-least", value: 1000 } });
  const fewer = allOf(ok(95, { failed: { "57P01": 3 }, unknown: { CLIENT_TIMEOUT: 2 } }));
  expect(fewer.latencyMs.p95.kind).toBe("value");
});

test("how late operations were sent is of those that were sent, whatever became of the others", () => {
  const all = allOf(
    ok(100, { lag: fakeHistogram(Array.from({ length: 100 }, () => 64)), failed: { "57P01": 100 } }),
  );
  expect(all.lagMs).toMatchObject({ n: 100, p95: { kind: "value", value: 0.064 } });
});

test("latency without lateness is by the times from when each was noticed, where all that ended ok have one", () => {
  const noticed = fakeHistogram(Array.from({ length: 100 }, () => 512));
  const p95 = (...seconds: readonly OperationSecond[]) =>
    measureOperations([second(...seconds)], native)[0]!.withoutLatenessMs.p95;
  const all = ok(100, { noticed, late: 3 });
  expect(p95(all)).toEqual({ kind: "value", value: 0.512 });
  expect(p95(all, ok(0))).toEqual({ kind: "value", value: 0.512 });
  // Any that were late may have been quick, and any other as late as the client was at most: 0.4 ms, of 2.049 (a bucket's end).
  expect(p95(all, ok(100))).toEqual({ kind: "at-least", value: 1.649 });
});

test("an engine that does not tell how late it was may have cut short what it never sent", () => {
  const told = ok(20, { failed: { NEVER_SENT: 7, CLIENT_TIMEOUT: 3 }, neverSent: 7 });
  const cutShort = (engine: "native" | "k6") =>
    measureOperations([second(told)], { engine, timeoutMs: 1000 })[0]!.cutShort;
  expect([cutShort("native"), cutShort("k6")]).toEqual([0, 10]);
});

function allOf(operation: OperationSecond): StageOperation {
  return measureOperations([second(operation)], native)[0]!;
}

/** So many that took 2.048 ms. */
function ok(count: number, changes: Partial<OperationSecond> = {}): OperationSecond {
  const times = fakeHistogram(Array.from({ length: count }, () => 2048));
  return {
    operation: "select",
    latency: times,
    serviceTime: times,
    lag: null,
    ok: count,
    inTime: count,
    failed: {},
    unknown: {},
    retried: {},
    neverSent: 0,
    late: 0,
    ...changes,
  };
}

/** In which the client was 0.4 ms late at most. */
function second(...operations: readonly OperationSecond[]): StageSecond {
  const [stage] = fakeBenchmarkRecording({ stages: [{ okPerSecond: 0 }] }).stages;
  return { ...stage!.seconds[0]!, operations };
}
