import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "../../benchmark-run.fake.ts";
import { drawnSeries } from "../drawing/board.fake.ts";
import { collectLoad, type LoadPoint } from "./data.ts";
import { drawLoad } from "./draw.ts";

test("a percentile of which only a lower bound is known is an arrow, and its tooltip says so", () => {
  const run = fakeBenchmarkRun();
  const stages = run.measurements.stages.map((measured) => ({
    ...measured,
    operations: measured.operations.map((one) => ({
      ...one,
      latencyMs: { ...one.latencyMs, p99: { kind: "at-least", value: 1000 } as const },
    })),
  }));
  const data = collectLoad({ ...run, measurements: { ...run.measurements, stages } })!;
  const lines = drawnSeries((board) => drawLoad(data, board)).filter(({ type }) => type === "line");
  const [p95, p99] = ["p95", "p99"].map((name) => lines.find((line) => line.name === name)!);
  const symbols = (line = p99!): unknown[] => line.data.map((point) => (point as { symbol?: string }).symbol);
  expect(new Set(symbols())).toEqual(new Set(["arrow"]));
  expect(new Set(symbols(p95))).toEqual(new Set([undefined]));
  const point = p99!.data[0] as { readonly point: LoadPoint };
  expect(p99!.tooltip!.formatter({ data: point })).toContain("p99 <b>≥ 1,000 ms</b>");
});
