import { expect, test } from "vitest";
import { renderJson } from "./json.ts";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { fakeRun, fakeRunWithoutCluster } from "./run.fake.ts";
import { fakeRunUnderLoad } from "./run-under-load.fake.ts";

const paths = { directory: "runs/x", report: "runs/x/report.html" };

test("the JSON document holds the verdict, every figure and the paths", () => {
  const run = fakeRun();
  const document = JSON.parse(renderJson(run, paths)) as Record<string, unknown>;
  expect(document).toMatchObject({ formatVersion: 1, outcome: "fail", complete: true, seed: 42, paths });
  expect(document.figures).toEqual(run.measurements.figures);
  expect(document.targets).toEqual(run.verdict.targets);
});

test("the JSON document of an incomplete run says so and why", () => {
  expect(JSON.parse(renderJson(fakeRunWithoutCluster(), paths))).toMatchObject({
    outcome: "unknown",
    complete: false,
    incompleteBecause: "coordinator-2 did not become ready within 60 s",
  });
});

test("the JSON document of a benchmark holds its stages, capacity and invariants", () => {
  const run = fakeBenchmarkRun();
  const document = JSON.parse(renderJson(run, paths)) as Record<string, unknown>;
  const { stages, capacities, invariants } = run.measurements;
  expect(document).toMatchObject({ stages, capacities, invariants });
});

test("the JSON document of a run under load holds what each fault did to it, and that of others nothing of the kind", () => {
  const run = fakeRunUnderLoad();
  const { disturbances } = run.measurements;
  expect(JSON.parse(renderJson(run, paths))).toMatchObject({ disturbances });
  expect(JSON.parse(renderJson(fakeRun(), paths))).toMatchObject({ disturbances: [] });
});
