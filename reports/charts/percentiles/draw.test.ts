import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "../../benchmark-run.fake.ts";
import { drawnSeries } from "../drawing/board.fake.ts";
import { collectPercentiles } from "./data.ts";
import { drawPercentiles } from "./draw.ts";

test("all stages are drawn together where that is chosen, and a stage with too few operations not at all", () => {
  const data = collectPercentiles(fakeBenchmarkRun())!;
  const count = (chosen: string): number =>
    drawnSeries((board) => drawPercentiles(data, board), chosen).length;
  expect(count("")).toBe(data.stages.length);
  expect(count("50 % of capacity")).toBe(3);
  expect(count("a stage of nine operations")).toBe(0);
});
