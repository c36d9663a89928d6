import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { measureLatency } from "./measure-latency.ts";

const stream = { name: "write-probe", timeoutMs: 1000 } as const;
const timeout = { kind: "at-least", value: 1000 };

test("600 served within 1 ms beside 400 that are refused at once have a p99 of at least the time-out", () => {
  const samples = Array.from({ length: 1000 }, (_, index) =>
    index % 5 < 3 ? sample(index) : sample(index, { outcome: "failed", code: "ECONNREFUSED" }),
  );
  const [before] = measureLatency(stream, samples, () => "before");
  expect(before).toMatchObject({
    n: 1000,
    outcomes: { ok: 600, failed: 400, unknown: 0 },
    latencyMs: { p50: { kind: "value", value: 1.2 }, p95: timeout, p99: timeout, max: timeout },
    withoutLatenessMs: { p99: timeout },
    serviceTimeMs: { p50: { value: 1 }, p95: { kind: "withheld" }, max: { kind: "value", value: 1 } },
  });
});

test("operations that fail in an outage rank last in the part that it belongs to", () => {
  const samples = Array.from({ length: 2000 }, (_, index) =>
    index < 1000 ? sample(index) : sample(index, { outcome: "unknown", code: "CLIENT_TIMEOUT" }),
  );
  const parts = measureLatency(stream, samples, (atUs) => (atUs < 1000 * 10_000 ? "before" : "during"));
  expect(parts.map(({ part, n, latencyMs }) => [part, n, latencyMs.p99])).toEqual([
    ["before", 1000, { kind: "value", value: 1.2 }],
    ["during", 1000, timeout],
  ]);
});

test("what the client began late, or never sent, is not in the latency without its lateness", () => {
  const late = Array.from({ length: 1000 }, (_, index) =>
    index < 980
      ? sample(index)
      : index < 990
        ? sample(index, { startUs: index * 10_000 + 50_000, endUs: index * 10_000 + 51_000 })
        : sample(index, { outcome: "failed", code: "NEVER_SENT" }),
  );
  const [before] = measureLatency(stream, late, () => "before");
  expect(before?.latencyMs.p99).toEqual({ kind: "value", value: 51 });
  expect(before?.latencyMs.max).toEqual(timeout);
  expect(before?.withoutLatenessMs.p99).toEqual({ kind: "at-least", value: 1 });
});

test("what is in no part of the run is not measured", () => {
  expect(measureLatency(stream, [sample(1)], () => null)).toEqual([]);
});

test("a service time is of those that ended ok alone", () => {
  const slow = sample(1, { outcome: "failed", code: "57P01", endUs: 900_000 });
  const [before] = measureLatency(stream, [sample(0), slow], () => "before");
  expect(before?.serviceTimeMs.max).toEqual({ kind: "value", value: 1 });
  const [none] = measureLatency(stream, [slow], () => "before");
  expect(none?.serviceTimeMs.max).toEqual({ kind: "withheld", reason: "no operation ended ok" });
});

/** One each 10 ms, begun 0.2 ms after it was due and served 1 ms later. */
function sample(index: number, changes: Partial<Sample> = {}): Sample {
  const intendedUs = index * 10_000;
  return {
    id: index + 1,
    intendedUs,
    startUs: intendedUs + 200,
    endUs: intendedUs + 1200,
    outcome: "ok",
    code: null,
    ...changes,
  };
}
