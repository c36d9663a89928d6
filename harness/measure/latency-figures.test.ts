import { expect, test } from "vitest";
import type { Figure, LatencyFigures } from "../model/measurement.ts";
import { latencyFigures } from "./latency-figures.ts";

const times = { latencyMs: from(10), withoutLatenessMs: from(5), serviceTimeMs: from(1) };

test("latencies are over what was due and service times over what ended ok", () => {
  expect(latencyFigures("select", times, { due: 200, ok: 150 })).toEqual([
    { ...figure("latency-p50", 10), n: 200, withoutLateness: value(5) },
    { ...figure("latency-p95", 11), n: 200, withoutLateness: value(6) },
    { ...figure("latency-p99", 12), n: 200, withoutLateness: value(7) },
    { ...figure("service-time-p50", 1), n: 150 },
    { ...figure("service-time-p95", 2), n: 150 },
    { ...figure("service-time-p99", 3), n: 150 },
  ]);
});

test("a latency that is at least the time-out says how many did not end ok, and one that was measured does not", () => {
  const p99: Figure = { kind: "at-least", value: 1000 };
  const figures = latencyFigures(
    "select",
    { ...times, latencyMs: { ...from(10), p99 } },
    { due: 200, ok: 150 },
  );
  expect(figures.map(({ because }) => because).slice(0, 3)).toEqual([
    undefined,
    undefined,
    "25.0 % of the operations did not end ok",
  ]);
});

test("service times without the client's stalls stand beside them where they are known", () => {
  const known = latencyFigures("select", { ...times, serviceWithoutStallsMs: from(0.5) }, { due: 9, ok: 9 });
  expect(known.slice(3).map(({ withoutLateness }) => withoutLateness)).toEqual([
    value(0.5),
    value(1.5),
    value(2.5),
  ]);
});

function figure(metric: string, ms: number) {
  return { metric, of: "select", fault: null, figure: value(ms) };
}

/** The p50, and then 1 ms more each. */
function from(p50: number): LatencyFigures {
  return { p50: value(p50), p95: value(p50 + 1), p99: value(p50 + 2) };
}

function value(ms: number): Figure {
  return { kind: "value", value: ms };
}
