import { describe, expect, test } from "vitest";
import { fakeBenchmarkPlan, fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { CapacityMeasurement, Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import { listBenchmarkFigures } from "./list-benchmark-figures.ts";
import { measureStage } from "./measure-stage.ts";

const recording = fakeBenchmarkRecording({
  stages: [{ name: "one", failed: { "57P01": 2 }, meanWaitMs: 20 }],
});
const { client } = fakeBenchmarkPlan().benchmark;
const [one] = recording.stages.map((stage) => measureStage(stage, client, recording.resources));
type Measured = Parameters<typeof listBenchmarkFigures>[0];

describe("the figures of a stage", () => {
  test("stand over what ended, what ended ok, what was in time, or what was sent", () => {
    const [all] = one!.operations;
    const operations = [{ ...all!, outcomes: { ok: 90, failed: 6, unknown: 4 }, inTime: 80, neverSent: 5 }];
    const figures = list({ stages: [{ ...one!, operations }] });
    const n = (metric: MetricName) => figures.find((each) => each.metric === metric)?.n;
    expect([n("throughput"), n("goodput"), n("operations-failed"), n("schedule-lag-p99")]).toEqual([
      90, 80, 100, 95,
    ]);
    expect(figureOf(figures, "operations-failed")).toEqual(value(6));
  });

  test("count no failures where nothing was recorded, which is not 0", () => {
    const withheld = { kind: "withheld", reason: "no second of the steady phase was recorded" } as const;
    const figures = list({ stages: [{ ...one!, throughputPerSecond: withheld }] });
    expect(figureOf(figures, "operations-failed")).toEqual(withheld);
  });

  test("of one kind of operation are not told twice, and of none not at all", () => {
    expect(list({}).filter(({ metric }) => metric === "latency-p99")).toHaveLength(1);
    expect(list({ stages: [{ ...one!, operations: [] }] }).map(({ metric }) => metric)).toEqual([
      "broken-invariants",
    ]);
  });

  test("of a mix are told of each kind as well, over its own operations", () => {
    const [all] = one!.operations;
    const kind = (operation: string, due: number, ok: number) => ({
      ...all!,
      operation,
      latencyMs: { ...all!.latencyMs, n: due },
      serviceTimeMs: { ...all!.serviceTimeMs, n: ok },
    });
    const operations = [kind("all operations", 50, 40), kind("select", 30, 25), kind("update", 20, 15)];
    const figures = list({ stages: [{ ...one!, operations }] });
    const n = (metric: MetricName) =>
      figures.filter((each) => each.metric === metric).map((each) => [each.of, each.n]);
    expect(n("latency-p99")).toEqual([
      ["one", 50],
      ["one, select", 30],
      ["one, update", 20],
    ]);
    expect(n("service-time-p99")).toEqual([
      ["one", 40],
      ["one, select", 25],
      ["one, update", 15],
    ]);
  });

  test("have the longest wait at a PgBouncer in the steady phase, where one was watched", () => {
    const [, second] = recording.stages[0]!.seconds.filter(({ phase }) => phase === "steady");
    const pooler = recording.resources.find(({ kind }) => kind === "pooler");
    const wait = (longestWaitMs: number, meanWaitMs: number, atUs = second!.toUs) => ({
      ...pooler!,
      atUs,
      longestWaitMs,
      meanWaitMs,
    });
    const queue = (...resources: Parameters<typeof listBenchmarkFigures>[1]) =>
      figureOf(listBenchmarkFigures(measured({}), resources, recording.stages), "queue-wait");
    expect(queue(wait(7, 2), wait(1, 9), wait(3, 3))).toEqual(value(9));
    expect(queue(wait(7, 2), wait(99, 99, 1))).toEqual(value(7));
    expect(queue(...recording.resources.filter(({ kind }) => kind !== "pooler"))).toBeUndefined();
    expect(
      figureOf(listBenchmarkFigures(measured({}), recording.resources, []), "queue-wait"),
    ).toBeUndefined();
  });
});

test("a stage has the most connections that a worker was seen to have in its steady phase", () => {
  const [, second] = recording.stages[0]!.seconds.filter(({ phase }) => phase === "steady");
  const reading = (member: string, connections: number, atUs = second!.toUs) => ({
    atUs,
    kind: "postgres" as const,
    member,
    primary: true,
    connections,
    maxConnections: 400,
    activeByWait: {},
    walBytesPerSecond: 0,
    checkpoints: 0,
  });
  const readings = [
    reading("worker-1a", 40),
    reading("worker-2a", 130),
    reading("worker-2a", 90),
    reading("coordinator-1", 300),
    reading("worker-1a", 999, 1),
  ];
  const connections = (workers: readonly string[]) =>
    figureOf(listBenchmarkFigures(measured({}), readings, recording.stages, workers), "worker-connections");
  expect(connections(["worker-1a", "worker-2a"])).toEqual(value(130));
  expect(connections([])).toBeUndefined();
});

describe("speed-up", () => {
  const first = capacity("1 replica", { kind: "between", low: 1000, high: 1250 });

  test("is each further variant's capacity over the first one's", () => {
    const figures = list({
      capacities: [first, capacity("2 replicas", value(2000)), capacity("3 replicas", value(3000))],
    });
    const speedUps = figures.filter(({ metric }) => metric === "speed-up");
    expect(speedUps.map(({ of, figure }) => [of, figure])).toEqual([
      ["2 replicas", { kind: "between", low: 1.6, high: 2 }],
      ["3 replicas", { kind: "between", low: 2.4, high: 3 }],
    ]);
    expect(list({ capacities: [first] }).filter(({ metric }) => metric === "speed-up")).toEqual([]);
  });

  test("is not known where one of the two is not, or nothing bounds it", () => {
    const unknown: Figure = { kind: "withheld", reason: "no stage was run" };
    expect(speedUp(first.perSecond, unknown)).toEqual(unknown);
    expect(speedUp(unknown, value(2000))).toEqual({
      kind: "withheld",
      reason: "1 replica: no stage was run",
    });
    const unbounded: Figure = { kind: "at-least", value: 1000 };
    expect(speedUp(unbounded, unbounded)).toEqual({
      kind: "withheld",
      reason: "nothing bounds it: no rate was refused of either",
    });
  });

  function speedUp(one: Figure, other: Figure) {
    return figureOf(
      list({ capacities: [capacity("1 replica", one), capacity("2 replicas", other)] }),
      "speed-up",
    );
  }
});

test("broken invariants are counted, at least where one was not read, and not known where none is known to be broken", () => {
  const [held] = recording.invariants;
  const broken = { ...held!, found: 1 };
  const unread = { ...held!, found: null, problem: "no connection." };
  const of = (...invariants: Measured["invariants"]) => figureOf(list({ invariants }), "broken-invariants");
  expect(of(held!, broken, broken)).toEqual(value(2));
  expect(of(held!)).toEqual(value(0));
  expect(of(held!, broken, unread)).toEqual({ kind: "at-least", value: 1 });
  const was = '"No row was added or lost" was not read: no connection';
  expect(of(held!, unread, unread)).toEqual({ kind: "withheld", reason: `${was}; ${was}` });
});

test("invariants of a variant that ran and of which none was read are not known to hold", () => {
  const [held] = recording.invariants;
  const of = (variant: string) => ({ ...one!, stage: { ...one!.stage, variant } });
  const broken = list({
    stages: [of("a"), of("b"), of("b")],
    invariants: [{ ...held!, variant: "a" }],
  }).filter(({ metric }) => metric === "broken-invariants");
  const reason = "what must be true of the data afterwards was not checked";
  expect(broken.map((each) => [each.of, each.figure, each.n])).toEqual([
    ["a", value(0), 1],
    ["b", { kind: "withheld", reason }, 0],
  ]);
});

test("invariants and primaries are judged variant by variant", () => {
  const [held] = recording.invariants;
  const group = { group: "coordinators", watched: true, stretches: [] };
  const figures = list({
    stages: [],
    invariants: [
      { ...held!, variant: "a" },
      { ...held!, variant: "b", found: 1 },
      { ...held!, variant: "b" },
    ],
    primaries: [
      { ...group, variant: "a" },
      { ...group, variant: "b", watched: false },
    ],
  });
  const of = (metric: MetricName) =>
    figures.filter((each) => each.metric === metric).map((each) => [each.of, each.figure.kind, each.n]);
  expect(of("broken-invariants")).toEqual([
    ["a", "value", 1],
    ["b", "value", 2],
  ]);
  expect(of("two-primaries")).toEqual([
    ["a", "value", 1],
    ["b", "withheld", 1],
  ]);
  expect(
    figureOf(
      figures.filter((each) => each.of === "b"),
      "broken-invariants",
    ),
  ).toEqual(value(1));
});

test("two primaries count whenever they were", () => {
  const both = ["a", "b"];
  const stretch = {
    fromUs: 1e6,
    toUs: 2e6,
    writable: both,
    unseen: [],
    able: both,
    perhapsAble: [],
    acknowledged: null,
  };
  const figures = list({
    primaries: [{ variant: "", group: "coordinators", watched: true, stretches: [stretch] }],
  });
  expect(figureOf(figures, "two-primaries")).toEqual(value(1000));
});

function list(changes: Partial<Measured>): NamedFigure[] {
  return listBenchmarkFigures(measured(changes), [], recording.stages);
}

function measured(changes: Partial<Measured>): Measured {
  const stages: readonly StageMeasurement[] = [one!];
  return { stages, capacities: [], invariants: [], primaries: [], checks: [], ...changes };
}

function capacity(variant: string, perSecond: Figure): CapacityMeasurement {
  return { variant, perSecond, how: "" };
}

function figureOf(figures: readonly NamedFigure[], metric: MetricName): Figure | undefined {
  return figures.find((each) => each.metric === metric)?.figure;
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
