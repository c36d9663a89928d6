import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import {
  fakeBenchmarkRecording,
  fakeOpenShape,
  fakeSearchStages,
  type FakeBenchmarkOptions,
  type FakeStage,
} from "../model/benchmark-recording.fake.ts";
import type { StageSecond } from "../model/stage.ts";
import type { Figure, Measurements } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { Recording } from "../model/recording.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { measure } from "./measure.ts";

const topology = fakeTopology();
const fixed = { kind: "fixed", stages: [{ name: "one", shape: fakeOpenShape(1000) }] } as const;

test("a search that is confirmed gives an interval that holds the capacity, with how it was found", () => {
  const { capacities, figures, stages } = measuredOf({});
  expect(stages.map(({ title }) => title)).toEqual([
    "saturation",
    "step 1: 2,500/s",
    "step 2: 2,000/s",
    "confirmation",
  ]);
  expect(capacities).toHaveLength(1);
  expect(capacities[0]).toMatchObject({ variant: "", perSecond: between(2000, 2500) });
  expect(capacities[0]?.how).toMatch(
    /^2,000\/s was kept up with a p99 within 10 ms in the search of 2 steps, and confirmed by a stage of its own; 2,500\/s was refused \(p99 .* ms, above 10 ms\)\.$/,
  );
  expect(figureOf(figures, "capacity", "whole run")).toEqual(between(2000, 2500));
});

test("a refused rate that was not tried again bounds no capacity, and it says so", () => {
  const [saturation, ...steps] = fakeSearchStages;
  const stages = [{ ...saturation!, okPerSecond: 3000 }, ...steps];
  const { capacities } = measuredOf({ stages });
  expect(capacities[0]?.perSecond).toEqual({ kind: "at-least", value: 2000 });
  expect(capacities[0]?.how).toContain(
    "no higher rate was refused by the cluster (at 2,500/s refused and not tried again, p99 30",
  );
});

test("only tries that refused a rate are counted as refusals, and give the reason", () => {
  const [saturation, , keptUp, confirmed] = fakeSearchStages;
  // Of 2,500/s for 5 s by two agents, the second second is answered late.
  const stalled = (number: number, cpuCores: number): FakeStage => {
    let operation = 0;
    return {
      ...{ purpose: "search", shape: fakeOpenShape(2500), name: `step 2: 2,500/s, try ${number}`, cpuCores },
      latencyUs: () => (Math.floor(operation++ / 2500) === 2 ? 60_000 : 1000),
    };
  };
  const { capacities } = measuredOf({
    stages: [
      { ...saturation!, okPerSecond: 3000 },
      keptUp!,
      ...[0.2, 0.2, 0.2, 0.97, 0.97].map((cpuCores, index) => stalled(index + 1, cpuCores)),
      confirmed!,
    ],
  });
  expect(capacities[0]?.perSecond).toEqual(between(2000, 2500));
  expect(capacities[0]?.how).toContain("2,500/s was refused in 3 of 5 tries (p99 60");
});

test("how a rate was settled that took several tries is said", () => {
  const [saturation, refused, keptUp, confirmed] = fakeSearchStages;
  const stalled = { ...keptUp!, latencyUs: () => 30_000 };
  const { capacities } = measuredOf({
    stages: [
      { ...saturation!, okPerSecond: 3000 },
      refused!,
      { ...refused!, name: "step 1, try 2: 2,500/s" },
      stalled,
      { ...keptUp!, name: "step 2, try 2: 2,000/s" },
      { ...keptUp!, name: "step 2, try 3: 2,000/s" },
      { ...confirmed!, name: "confirmation" },
    ],
    benchmark: {
      method: {
        kind: "fractions-of-capacity",
        percents: [],
        search: {
          arrival: "poisson",
          saturationClients: 16,
          steps: 2,
          phases: { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 1 },
        },
      },
    },
  });
  expect(capacities[0]?.perSecond).toEqual(between(2000, 2500));
  expect(capacities[0]?.how).toMatch(
    /^2,000\/s was kept up with a p99 within 10 ms in 2 of 3 tries in the search of 2 steps; 2,500\/s was refused in 2 of 2 tries \(p99 .* ms, above 10 ms\); shares are of 2,000\/s\.$/,
  );
});

test("a capacity that only the client limited is a lower bound", () => {
  const stages = fakeSearchStages.map((stage, index) => (index === 1 ? { ...stage, cpuCores: 0.97 } : stage));
  const { capacities, gaps } = measuredOf({ stages });
  expect(capacities[0]?.perSecond).toEqual({ kind: "at-least", value: 2000 });
  expect(capacities[0]?.how).toContain(
    "no higher rate was refused by the cluster (at 2,500/s client-bound: an agent used 0.97 of a core",
  );
  expect(gaps.some((gap) => gap.startsWith("Capacity: 2,000/s was kept up"))).toBe(true);
  expect(gaps).toContain(
    'Stage "step 1: 2,500/s" was client-bound: an agent used 0.97 of a core (from 0.9 on it is full); it would have ' +
      "been fine up to 1,804/s.",
  );
});

test("the figures of a stage are called by its title, with the variant where there are several", () => {
  const { figures, stages } = measuredOf({
    benchmark: {
      method: fixed,
      variants: [
        { name: "1 replica", topology },
        { name: "2 replicas", topology },
      ],
    },
    stages: [
      { name: "one", variant: "1 replica" },
      { name: "one", variant: "2 replicas", failed: { "57P01": 2 }, meanWaitMs: 40 },
    ],
  });
  expect(stages.map(({ title }) => title)).toEqual(["1 replica: one", "2 replicas: one"]);
  const of = "2 replicas: one";
  expect(figures.filter((figure) => figure.of === of).map(({ metric }) => metric)).toEqual([
    "latency-p50",
    "latency-p95",
    "latency-p99",
    "service-time-p50",
    "service-time-p95",
    "service-time-p99",
    "throughput",
    "goodput",
    "operations-failed",
    "schedule-lag-p99",
    "connections-served",
    "queue-wait",
    "worker-connections",
  ]);
  expect(figureOf(figures, "operations-failed", of)).toEqual({ kind: "value", value: 10 });
  expect(figureOf(figures, "queue-wait", of)).toEqual({ kind: "value", value: 80 });
  expect(figureOf(figures, "queue-wait", "1 replica: one")).toEqual({ kind: "value", value: 0 });
});

test("speed-up is a variant's capacity over the first one's, within what their intervals allow", () => {
  const variants = ["1 replica", "2 replicas"];
  const { figures } = measuredOf({
    benchmark: { variants: variants.map((name) => ({ name, topology })) },
    stages: variants.flatMap((variant, index) =>
      fakeSearchStages.map((stage) => ({
        ...stage,
        variant,
        ...(stage.purpose === "saturation" ? {} : { shape: scaled(stage.shape!, index === 0 ? 1 : 1.5) }),
      })),
    ),
  });
  expect(figures.filter(({ metric }) => metric === "speed-up").map(({ of, figure }) => [of, figure])).toEqual(
    [["2 replicas", between(1.2, 1.875)]],
  );
});

test("of a mix, each kind of operation has figures of its own", () => {
  const recording = fakeBenchmarkRecording({ benchmark: { method: fixed }, stages: [{ name: "one" }] });
  const [stage] = recording.stages;
  const mixed: Recording = {
    ...recording,
    stages: [
      {
        ...stage!,
        seconds: stage!.seconds.map((second) => ({
          ...second,
          operations: second.operations.map((each) => ({
            ...each,
            operation: second.client.agent === 1 ? "select" : "update",
          })),
        })),
      },
    ],
  };
  const { figures } = measure(mixed, checkSafety(mixed));
  const titles = figures.filter(({ metric }) => metric === "latency-p99").map(({ of, n }) => [of, n]);
  expect(titles).toEqual([
    ["one", 5000],
    ["one, select", 2500],
    ["one, update", 2500],
  ]);
});

describe("invariants", () => {
  const base = { variant: "", workload: "insert", title: "Rows", atLeast: 5, atMost: 7, problem: null };
  const unread = { ...base, found: null, problem: "no connection." };
  const broken = (invariants: Recording["invariants"]) =>
    figureOf(measuredOf({ invariants }).figures, "broken-invariants", "whole run");

  test("that hold are none broken", () => {
    expect(
      broken([
        { ...base, found: 7 },
        { ...base, found: 7, atLeast: 7 },
      ]),
    ).toEqual({ kind: "value", value: 0 });
  });

  test("that a loss may hide in are not known, and told as a gap", () => {
    const hidden = { ...base, found: 5 };
    const why =
      '"Rows": up to 2 may be missing behind as many of unknown outcome that took effect, and counts cannot tell';
    expect(broken([hidden])).toEqual({ kind: "withheld", reason: why });
    expect(measuredOf({ invariants: [hidden] }).gaps).toContain(`Invariant ${why}.`);
  });

  test("that do not hold are counted; with one that was not read, at least those", () => {
    expect(
      broken([
        { ...base, found: 4 },
        { ...base, found: 8 },
      ]),
    ).toEqual({ kind: "value", value: 2 });
    expect(broken([{ ...base, found: 4 }, unread])).toEqual({ kind: "at-least", value: 1 });
  });

  test("that were not read are not known, and told as a gap", () => {
    expect(broken([{ ...base, found: 7 }, unread])).toEqual({
      kind: "withheld",
      reason: '"Rows" was not read: no connection',
    });
    expect(measuredOf({ invariants: [unread] }).gaps).toContain(
      'Invariant "Rows" was not read: no connection.',
    );
    expect(measuredOf({ invariants: [] }).gaps).toContain(
      "What must be true of the data afterwards was not checked.",
    );
  });
});

describe("gaps", () => {
  test("a run without trouble has only the percentiles that it cannot have", () => {
    const stages = [{ name: "one", shape: fakeOpenShape(1000) }];
    expect(measuredOf({ benchmark: { method: fixed }, stages }).gaps).toEqual([
      "Latency percentiles are withheld for too few operations in some of one stage: p99.9 in 1 (it needs 10,000).",
    ]);
  });

  test("a client that stood still says for how long", () => {
    const stood = { name: "one", shape: { kind: "closed", clients: 4, thinkTimeMs: 0 } } as const;
    const stages = [
      {
        ...stood,
        second: (second: StageSecond) => ({ ...second, client: { ...second.client, stoodStillUs: 500_000 } }),
      },
    ];
    expect(measuredOf({ benchmark: { method: fixed }, stages }).gaps).toContain(
      'Stage "one": the client itself stood still for 2.50 s of the steady phase.',
    );
  });

  test("stages that were not run, failed or were not watched", () => {
    const recording = fakeBenchmarkRecording({
      benchmark: {
        method: { kind: "fixed", stages: [...fixed.stages, { name: "two", shape: fakeOpenShape(1) }] },
        variants: [
          { name: "a", topology },
          { name: "b", topology },
        ],
      },
      stages: [{ name: "one", variant: "a", shape: fakeOpenShape(3000), end: null }],
      end: { kind: "incomplete", reason: "interrupted." },
    });
    const blind = { ...recording, resources: [], invariants: [] };
    expect(measure(blind, checkSafety(blind)).gaps).toEqual([
      "The recording is incomplete: interrupted.",
      "1 of 2 planned stages of a were not run.",
      'Variant "b" was not run.',
      'Stage "a: one" is not judged by: the recording stops within the stage.',
      "Resources were not watched in the steady phase of any stage: no bottleneck can be named there.",
      "What must be true of the data afterwards was not checked (a).",
    ]);
  });

  test("k6 does not tell its schedule", () => {
    const { gaps } = measuredOf({ client: { engine: "k6" } });
    expect(gaps.some((gap) => gap.startsWith("k6 does not tell when an operation was due"))).toBe(true);
  });
});

test("a benchmark that ended before its first stage has reasons instead of figures", () => {
  const { figures, capacities, gaps } = measuredOf({
    stages: [],
    invariants: [],
    end: { kind: "incomplete", reason: "never ready" },
  });
  expect(figures.map(({ metric, figure }) => [metric, figure.kind])).toEqual([
    ["capacity", "withheld"],
    ["start-up", "value"],
    ["start-up-memory", "withheld"],
  ]);
  expect(capacities[0]?.how).toBe("Not found: no stage was run.");
  expect(gaps).toContain("No stage was run.");
});

function measuredOf(options: FakeBenchmarkOptions): Measurements {
  const recording = fakeBenchmarkRecording(options);
  return measure(recording, checkSafety(recording));
}

function figureOf(figures: Measurements["figures"], metric: MetricName, of: string): Figure | undefined {
  return figures.find((each) => each.metric === metric && each.of === of)?.figure;
}

function between(low: number, high: number): Figure {
  return { kind: "between", low, high };
}

function scaled(shape: NonNullable<(typeof fakeSearchStages)[number]["shape"]>, factor: number) {
  return shape.kind === "open" && shape.rate.kind === "constant"
    ? fakeOpenShape(shape.rate.perSecond * factor)
    : shape;
}
