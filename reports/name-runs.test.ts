import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { nameRuns } from "./name-runs.ts";
import { fakeRun } from "./run.fake.ts";

test("runs are named by their engines where each has another, else by letters", () => {
  const [native, pgbench] = [fakeBenchmarkRun(), fakeBenchmarkRun({ engine: "pgbench" })];
  expect(nameRuns([native, pgbench])).toEqual(["native", "pgbench"]);
  expect(nameRuns([native, pgbench, native])).toEqual(["A native", "B pgbench", "C native"]);
  expect(nameRuns([native, native])).toEqual(["A", "B"]);
  expect(nameRuns([fakeRun(), fakeRun()])).toEqual(["A", "B"]);
});
