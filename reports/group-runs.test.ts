import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { groupRuns, nameRuns, nameSides } from "./group-runs.ts";
import { fakeRun } from "./run.fake.ts";

const run = (engine: "native" | "pgbench", seed: number) => ({
  ...fakeBenchmarkRun({ engine, seed }),
  directory: `/srv/runs/${engine}-${seed}`,
});

test("runs that differ in nothing but their seed are one side, in whatever order they come", () => {
  const groups = groupRuns([run("native", 1), run("pgbench", 2), run("native", 3), run("pgbench", 4)]);
  const sides = nameSides(groups);
  expect(sides.map(({ name, runs }) => [name, runs.map((each) => [each.name, each.directory])])).toEqual([
    [
      "native",
      [
        ["native 1", "/srv/runs/native-1"],
        ["native 2", "/srv/runs/native-3"],
      ],
    ],
    [
      "pgbench",
      [
        ["pgbench 1", "/srv/runs/pgbench-2"],
        ["pgbench 2", "/srv/runs/pgbench-4"],
      ],
    ],
  ]);
});

test("runs that are all of one kind stand alone, each against the first", () => {
  const sides = nameSides(groupRuns([run("native", 1), run("native", 2), run("native", 3)]));
  expect(sides.map(({ name, runs }) => [name, runs.length])).toEqual([
    ["A", 1],
    ["B", 1],
    ["C", 1],
  ]);
});

test("runs on a topology each are named by it, and by their engines where those differ too", () => {
  const on = (name: string, run = fakeRun()) => {
    const { recording } = run;
    const plan = { ...recording.plan, topology: { ...recording.plan.topology, name } };
    return { ...run, recording: { ...recording, plan } };
  };
  expect(nameRuns([on("production"), on("production-leader-guard")])).toEqual([
    "production",
    "production-leader-guard",
  ]);
  expect(nameRuns([on("production"), on("production")])).toEqual(["A", "B"]);
  const [native, pgbench] = [fakeBenchmarkRun(), fakeBenchmarkRun({ engine: "pgbench" })];
  expect(nameRuns([on("production", native), on("development", pgbench)])).toEqual(["native", "pgbench"]);
});

test("runs are named by their engines where each has another, else by letters", () => {
  const [native, pgbench] = [fakeBenchmarkRun(), fakeBenchmarkRun({ engine: "pgbench" })];
  expect(nameRuns([native, pgbench])).toEqual(["native", "pgbench"]);
  expect(nameRuns([native, pgbench, native])).toEqual(["A native", "B pgbench", "C native"]);
  expect(nameRuns([native, native])).toEqual(["A", "B"]);
  expect(nameRuns([fakeRun(), fakeRun()])).toEqual(["A", "B"]);
});
