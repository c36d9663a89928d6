import type { RecordedStage } from "../harness/model/stage.ts";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { fakeRun } from "./run.fake.ts";
import type { Run } from "./run.ts";

/** A made-up run of faults after the stages of a benchmark, under load that goes on. */
export function fakeRunUnderLoad(): Run {
  const faults = fakeRun();
  const load = fakeBenchmarkRun();
  const like = load.recording.stages.at(-1);
  if (like === undefined) throw new Error("a fake benchmark has stages");
  const sustained: RecordedStage = {
    ...like,
    stage: {
      ...like.stage,
      stage: like.stage.stage + 1,
      name: "50 % of capacity, sustained",
      purpose: "sustained",
    },
  };
  const { benchmark } = load.recording.plan;
  return {
    ...faults,
    workload: load.workload ?? null,
    recording: {
      ...faults.recording,
      plan: {
        ...faults.recording.plan,
        benchmark:
          benchmark === null ? null : { ...benchmark, sustained: { kind: "share-of-capacity", percent: 50 } },
      },
      stages: [...load.recording.stages, sustained],
      resources: load.recording.resources,
      statements: load.recording.statements,
      invariants: load.recording.invariants,
    },
    measurements: {
      ...faults.measurements,
      stages: load.measurements.stages,
      capacities: load.measurements.capacities,
      invariants: load.measurements.invariants,
      disturbances: [
        {
          injection: 1,
          fault: "kill-node",
          kind: "kill-node",
          stage: "50 % of capacity, sustained",
          before: { n: 10_455, p50: known(0.922), p95: known(7.53), p99: known(20.8) },
          during: {
            n: 37_306,
            notOk: 3580,
            p50: known(0.985),
            p95: { kind: "at-least", value: 2000 },
            p99: { kind: "at-least", value: 2000 },
          },
          worstP99Ms: { kind: "at-least", value: 2000 },
          recoverySeconds: known(33.1),
        },
      ],
    },
  };
}

function known(value: number) {
  return { kind: "value", value } as const;
}
