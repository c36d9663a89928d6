import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { differingConditions } from "./differing-conditions.ts";
import type { Run } from "./run.ts";

test("runs of one plan on one machine differ in nothing", () => {
  expect(differingConditions([fakeBenchmarkRun(), fakeBenchmarkRun()])).toEqual([]);
});

test("a changed field of the topology, a version and a parameter are named with the values of all runs", () => {
  const run = fakeBenchmarkRun();
  const changed = change(run);
  expect(differingConditions([run, changed, run])).toEqual([
    { condition: "benchmark.parameters.rows", values: ["1000000", "10", "1000000"] },
    { condition: "topology.pgbouncer.poolMode", values: ["transaction", "session", "transaction"] },
    { condition: "version of postgresql", values: ["17.6", "18.0", "17.6"] },
  ]);
});

test("what a run does not have is null", () => {
  const run = fakeBenchmarkRun();
  const bare: Run = { ...run, recording: { ...run.recording, environment: null } };
  const versions = differingConditions([run, bare]).find(
    ({ condition }) => condition === "version of postgresql",
  );
  expect(versions?.values).toEqual(["17.6", null]);
});

function change(run: Run): Run {
  const { plan, environment } = run.recording;
  if (plan.benchmark === null || environment === null) throw new Error("the fake run is a whole benchmark");
  const { pgbouncer } = plan.topology;
  const poolMode = pgbouncer.poolMode === "transaction" ? "session" : "transaction";
  return {
    ...run,
    recording: {
      ...run.recording,
      plan: {
        ...plan,
        topology: { ...plan.topology, pgbouncer: { ...pgbouncer, poolMode } },
        benchmark: { ...plan.benchmark, parameters: { ...plan.benchmark.parameters, rows: 10 } },
      },
      environment: { ...environment, components: { ...environment.components, postgresql: "18.0" } },
    },
  };
}
