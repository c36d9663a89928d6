import { describe, expect, test } from "vitest";
import type { BenchmarkMethod, PlannedBenchmark } from "../model/benchmark.ts";
import {
  fakeBenchmarkPlan,
  fakeBenchmarkRecording,
  fakeOpenShape,
} from "../model/benchmark-recording.fake.ts";
import type { CapacityMeasurement, StageMeasurement } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { listBenchmarkGaps } from "./list-benchmark-gaps.ts";
import { measureStage } from "./measure-stage.ts";

const search = fakeBenchmarkPlan().benchmark;
const recording = fakeBenchmarkRecording({ stages: [{ name: "one", shape: fakeOpenShape(2500) }] });
/** A stage of which nothing is missing. */
const [sound] = recording.stages.map((stage) => measureStage(stage, search.client, recording.resources));

test("a sound stage of a search leaves none", () => {
  expect(gaps({ stages: [sound!] })).toEqual([]);
});

test("only the full stop at the end of why a recording is incomplete is left out", () => {
  const end = { kind: "incomplete", reason: "postgres 17.2 was killed." } as const;
  expect(gaps({ recording: { end } })).toEqual(["The recording is incomplete: postgres 17.2 was killed."]);
});

test("load that was to go on under the faults, and did not, is told", () => {
  const benchmark = { ...search, sustained: { kind: "share-of-capacity", percent: 50 } } as const;
  expect(gaps({ benchmark, stages: [sound!] })).toEqual([
    'No load was sustained under the faults: stage "50 % of capacity, sustained" was not run.',
  ]);
  const sustained: StageMeasurement = { ...sound!, stage: { ...sound!.stage, purpose: "sustained" } };
  expect(gaps({ benchmark, stages: [sound!, sustained] })).toEqual([]);
});

describe("stages that were not run", () => {
  const shape = fakeOpenShape(1);
  const fixed: BenchmarkMethod = {
    kind: "fixed",
    stages: [
      { name: "one", shape },
      { name: "two", shape },
    ],
  };
  const fractions: BenchmarkMethod = {
    ...search.method,
    kind: "fractions-of-capacity",
    percents: [50, 80],
  } as BenchmarkMethod;

  test("are counted by what the method planned, without the search's own", () => {
    const fraction = stage({ stage: { ...sound!.stage, purpose: "fraction" } });
    const ofSearch = stage({ stage: { ...sound!.stage, purpose: "search" } });
    expect(gaps({ benchmark: { method: fixed } })).toEqual(["1 of 2 planned stages were not run."]);
    expect(gaps({ benchmark: { method: fixed }, stages: [sound!, sound!] })).toEqual([]);
    expect(gaps({ benchmark: { method: fractions }, stages: [ofSearch, fraction] })).toEqual([
      "1 of 2 planned stages were not run.",
    ]);
    expect(gaps({ benchmark: { method: fractions }, stages: [ofSearch, fraction, fraction] })).toEqual([]);
  });

  test("are told of each variant", () => {
    const topology = fakeTopology();
    const variants = [
      { name: "a", topology },
      { name: "b", topology },
    ];
    const ofA = stage({ stage: { ...sound!.stage, variant: "a" } });
    const invariants = recording.invariants.map((each) => ({ ...each, variant: "a" }));
    expect(
      gaps({ benchmark: { method: fixed, variants }, stages: [ofA], recording: { invariants } }),
    ).toEqual(["1 of 2 planned stages of a were not run.", 'Variant "b" was not run.']);
    expect(gaps({ stages: [] })).toEqual(["No stage was run."]);
  });
});

test("a capacity that is no interval says how it was found", () => {
  const capacity = (perSecond: CapacityMeasurement["perSecond"], variant = ""): CapacityMeasurement => ({
    variant,
    perSecond,
    how: "it was found.",
  });
  expect(gaps({ capacities: [capacity({ kind: "between", low: 1, high: 2 })] })).toEqual([]);
  expect(gaps({ capacities: [capacity({ kind: "at-least", value: 1 })] })).toEqual([
    "Capacity: it was found.",
  ]);
  expect(gaps({ capacities: [capacity({ kind: "at-least", value: 1 }, "a")] })).toEqual([
    "Capacity (a): it was found.",
  ]);
});

test("a stage that is not to be judged by says why, and its percentiles are not missed", () => {
  const withheld = { kind: "withheld", reason: "too few" } as const;
  const [all] = sound!.operations;
  const operations = [{ ...all!, latencyMs: { ...all!.latencyMs, p99: withheld } }];
  expect(gaps({ stages: [stage({ problem: "it failed", operations })] })).toEqual([
    'Stage "one" is not judged by: it failed.',
  ]);
  expect(gaps({ stages: [stage({ operations })] })[0]).toMatch(/ in some of one stage: p99 in 1 /);
  expect(gaps({ stages: [stage({ operations }), sound!] })).toEqual([
    "Latency percentiles are withheld for too few operations in some of 2 stages: p99 in 1 (it needs 1,000).",
  ]);
});

describe("the client", () => {
  const client = (changes: Partial<StageMeasurement["client"]>) =>
    gaps({ stages: [stage({ client: { ...sound!.client, ...changes } })] });

  test("that was late says so alone", () => {
    expect(client({ clientLate: "up to 4 ms", clientBound: "full" })).toEqual([
      'Stage "one": the client was late: up to 4 ms. That is part of its latencies.',
    ]);
  });

  test("that was full says up to which rate it would not have been, where that is known", () => {
    expect(client({ clientBound: "full", fineUpToPerSecond: { kind: "value", value: 1804 } })).toEqual([
      'Stage "one" was client-bound: full; it would have been fine up to 1,804/s.',
    ]);
    expect(client({ clientBound: "full", fineUpToPerSecond: { kind: "withheld", reason: "" } })).toEqual([
      'Stage "one" was client-bound: full.',
    ]);
  });

  test("that stood still says for how long", () => {
    expect(client({ stoodStill: "stood still for 2.5 s of the steady phase" })).toEqual([
      'Stage "one": the client itself stood still for 2.5 s of the steady phase.',
    ]);
  });

  test("that never sent operations says how many", () => {
    const [all] = sound!.operations;
    expect(gaps({ stages: [stage({ operations: [{ ...all!, neverSent: 1200 }] })] })).toEqual([
      'Stage "one": 1,200 operations that were due were never sent.',
    ]);
  });

  test("that does not tell its schedule hides nothing of a closed load", () => {
    const k6 = { client: { ...search.client, engine: "k6" } } as const;
    const closed = stage({
      stage: { ...sound!.stage, shape: { kind: "closed", clients: 4, thinkTimeMs: 0 } },
    });
    expect(gaps({ benchmark: k6 })).toHaveLength(1);
    expect(gaps({ benchmark: k6, stages: [closed, sound!] })).toHaveLength(1);
    expect(gaps({ benchmark: k6, stages: [closed] })).toEqual([]);
    expect(gaps({ stages: [closed, sound!] })).toEqual([]);
  });
});

test("stages whose resources were not watched are named, unless they are all", () => {
  const blind = stage({ bottlenecks: null, title: "two" });
  expect(gaps({ stages: [sound!, blind] })).toEqual([
    'Resources were not watched in the steady phase of "two": no bottleneck can be named there.',
  ]);
  expect(gaps({ stages: [blind, blind] })).toEqual([
    "Resources were not watched in the steady phase of any stage: no bottleneck can be named there.",
  ]);
});

test("what is not read of Citus is told where some variant is sharded by it", () => {
  const on = (sharding: "fdw" | "citus") =>
    gaps({ benchmark: { variants: [{ name: "a", topology: { ...fakeTopology(), sharding } }] } }).filter(
      (gap) => gap.includes("citus_stat_statements"),
    );
  expect(on("citus")).toHaveLength(1);
  expect(on("fdw")).toEqual([]);
});

test("what must be true afterwards is missed where it was not checked of a variant that ran", () => {
  expect(gaps({})).toEqual([]);
  const ofA = recording.invariants.map((each) => ({ ...each, variant: "a" }));
  expect(gaps({ recording: { invariants: ofA } })).toEqual([
    "What must be true of the data afterwards was not checked.",
  ]);
  const topology = fakeTopology();
  const variants = ["a", "b", "c"].map((name) => ({ name, topology }));
  const stages = ["a", "b"].map((variant) => stage({ stage: { ...sound!.stage, variant } }));
  const ofBoth = [...ofA, ...recording.invariants.map((each) => ({ ...each, variant: "b" }))];
  const told = (invariants: Recording["invariants"]) =>
    gaps({ benchmark: { variants }, stages, recording: { invariants } }).filter((gap) =>
      gap.startsWith("What must"),
    );
  expect(told(ofBoth)).toEqual([]);
  expect(told(ofA)).toEqual(["What must be true of the data afterwards was not checked (b)."]);
});

function stage(changes: Partial<StageMeasurement>): StageMeasurement {
  return { ...sound!, ...changes };
}

function gaps(told: {
  readonly recording?: Partial<Recording>;
  readonly benchmark?: Partial<PlannedBenchmark>;
  readonly stages?: readonly StageMeasurement[];
  readonly capacities?: readonly CapacityMeasurement[];
}): string[] {
  return listBenchmarkGaps(
    { ...recording, ...told.recording },
    { ...search, ...told.benchmark },
    { stages: told.stages ?? [sound!], capacities: told.capacities ?? [] },
    [],
  );
}
