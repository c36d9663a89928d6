import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { checkerCatalogue } from "../check/catalogue.ts";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording, fakeOpenShape } from "../model/benchmark-recording.fake.ts";
import type { Checker } from "../model/checker.ts";
import type { ClusterEvent } from "../model/event.ts";
import {
  bothProbes,
  checkerTitle,
  injectionTitle,
  operationTitle,
  outsideInjections,
  streamTitle,
  sustainedParts,
  sustainedTitle,
  variantTitle,
} from "../model/figure-names.ts";
import type { Measurements, NamedFigure } from "../model/measurement.ts";
import { type FigureOf, metricNames, metrics, samplesNeeded, units } from "../model/metric.ts";
import { COORDINATORS } from "../model/layout.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { probeStream } from "../model/sample.ts";
import type { StageSecond } from "../model/stage.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { packageRoot } from "../package-root.ts";

const quiet: Checker = {
  name: "quiet",
  looksFor: "Nothing at all.",
  needs: "nothing",
  metric: "findings",
  check: () => ({ findings: [{ of: "everything", figure: { kind: "value", value: 0 }, n: 1 }] }),
};

describe("each metric", () => {
  const figures = [
    faults(),
    onAWorker(),
    searching(benchmark()),
    asked(searching(underLoad())),
    movingShards(),
  ].flatMap((recording) => {
    const measurements = measure(recording, checkSafety(recording, [...checkerCatalogue, quiet]));
    return measurements.figures.map((figure) => kindOf(figure, measurements));
  });

  test("is measured of all that it is declared to be of, and of nothing else", () => {
    const measured = new Set(figures.map(([metric, kind]) => `${metric} of ${kind}`));
    const declared = metricNames.flatMap((name) => metrics[name].of.map((kind) => `${name} of ${kind}`));
    expect([...measured].toSorted()).toEqual(declared.toSorted());
  });

  test("that is a percentile needs as many samples as that percentile does, and says so", () => {
    for (const name of metricNames) {
      const { percentile, leastSample } = metrics[name];
      if (percentile !== undefined) expect([name, leastSample]).toEqual([name, samplesNeeded[percentile]]);
    }
    expect(metrics["latency-p99"].definition).toContain(
      "Needs 10 samples for p50, 100 for p95, 1,000 for p99.",
    );
  });

  test("has a unit, and a percentile where its series is one of percentiles", () => {
    for (const name of metricNames) {
      const { unit, series, percentile } = metrics[name];
      expect(Object.keys(units)).toContain(unit);
      if (series?.kind === "percentile") expect([name, percentile]).not.toEqual([name, undefined]);
    }
  });
});

/** What is left names something else by the same word: a rate, a hold, or what a prediction is of. */
const OTHER_WORDS = new Set([
  "harness/config/catalogues.ts: findings",
  "harness/config/check-scenario.ts: circuit-open",
  "harness/config/scenario-schema.ts: circuit-open",
  "harness/judge/why-predicted.ts: circuit-open",
  "harness/judge/why-predicted.ts: write-unavailability",
  "harness/judge/trusted-figures.ts: goodput",
  "harness/judge/trusted-figures.ts: throughput",
]);

test("the judge, comparisons, the checks of scenarios and statistics name no metric: what they have to know is declared", () => {
  const folders = ["harness/judge", "harness/config", "harness/stats"];
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(packageRoot(), folder))
      .filter((name) => /(?<!\.test|\.fake)\.ts$/.test(name) && name !== "built-in-targets.ts")
      .map((name) => `${folder}/${name}`),
  );
  const named = files.flatMap((file) => {
    const text = readFileSync(path.join(packageRoot(), file), "utf8");
    return metricNames.filter((name) => text.includes(`"${name}"`)).map((name) => `${file}: ${name}`);
  });
  expect(named.filter((one) => !OTHER_WORDS.has(one))).toEqual([]);
});

/** The same with searches whose answers were kept: of every stage one in each of its seconds. */
function searching(recording: Recording): Recording {
  const variants = new Set(recording.stages.map(({ stage }) => stage.variant));
  return {
    ...recording,
    exactAnswers: [...variants].map((variant) => ({
      variant,
      operation: "search",
      query: 1,
      rows: 1,
      lastLastingId: 10,
      distances: [1],
    })),
    stages: recording.stages.map((stage) => {
      const answers = stage.seconds.map(({ fromUs }) => ({
        query: 1,
        intendedUs: fromUs,
        ids: [1],
        distances: [1],
      }));
      return { ...stage, answers: new Map([["search", answers]]) };
    }),
  };
}

function faults(): Recording {
  return fakeRecording({ quick: true });
}

/** The faults hit a worker, and its group's shards are probed. */
function onAWorker(): Recording {
  const recording = faults();
  const { plan, samples, events } = recording;
  const ofGroup = plan.streams.slice(0, 2).map((stream) => ({
    ...stream,
    name: probeStream(stream.kind, "worker-1"),
    group: "worker-1",
  }));
  return {
    ...recording,
    plan: { ...plan, streams: [...plan.streams, ...ofGroup] },
    samples: new Map([
      ...samples,
      ...ofGroup.map(({ name, kind }) => [name, samples.get(probeStream(kind)) ?? []] as const),
    ]),
    events: [
      { kind: "citus-nodes", atUs: 0, group: COORDINATORS, member: "coordinator-1", nodes: [] },
      // The group is guarded, so that the hop of its guards is looked for.
      { kind: "guard-state", atUs: 0, group: "worker-1", guard: "guard-1", watching: true },
      ...events.map((event) =>
        event.kind === "injection" ? { ...event, victim: "worker-1a", nodes: ["worker-1a"] } : event,
      ),
    ],
  };
}

/** Two variants, each with its search, of two kinds of operations. */
function benchmark(): Recording {
  const variants = ["1 replica", "2 replicas"].map((name) => ({ name, topology: fakeTopology() }));
  const placements = variants.map(({ name }) => ({
    variant: name,
    table: "events",
    column: "tenant_id",
    groups: ["worker-1"],
    shards: [{ shard: "events_p0", group: "worker-1" }],
    keys: [{ key: 1, group: "worker-1", rows: 1 }],
    more: false,
    problem: null,
  }));
  const recording = fakeBenchmarkRecording({
    benchmark: { variants },
    stages: variants.map(({ name }) => ({
      name: "step 1: 2,000/s",
      purpose: "search" as const,
      variant: name,
      shape: fakeOpenShape(2000),
      meanWaitMs: 1,
      second: ofTwoKinds,
    })),
  });
  return { ...recording, events: [...recording.events, ...loadedAndIndexed], placements };
}

const loadedAndIndexed: readonly ClusterEvent[] = [
  { kind: "rows-loaded", atUs: 50_000_000, table: "events", rows: 1000, tookMs: 500 },
  {
    kind: "index-made",
    atUs: 51_000_000,
    group: "worker-1",
    table: "events",
    index: "events_value",
    tookMs: 800,
    bytes: 8192,
    memory: "64MB",
    parallelWorkers: 2,
  },
  { kind: "searchable", atUs: 52_000_000, table: "events", tookMs: 900 },
];

function ofTwoKinds(second: StageSecond): StageSecond {
  const [like] = second.operations;
  return { ...second, operations: ["select", "update"].map((operation) => ({ ...like!, operation })) };
}

/** Every copy was to be asked, and none was. */
function asked(recording: Recording): Recording {
  const { plan } = recording;
  const { benchmark } = plan;
  return {
    ...recording,
    plan: { ...plan, benchmark: benchmark === null ? null : { ...benchmark, copies: { queries: 1 } } },
  };
}

function underLoad(): Recording {
  const recording = faults();
  const load = fakeBenchmarkRecording({
    stages: [{ name: "50 % of capacity, sustained", purpose: "sustained", shape: fakeOpenShape(1000) }],
  });
  const sustained = { kind: "share-of-capacity", percent: 50 } as const;
  const planned = load.plan.benchmark;
  return {
    ...recording,
    plan: { ...recording.plan, benchmark: planned === null ? null : { ...planned, sustained } },
    stages: load.stages,
    resources: load.resources,
    invariants: load.invariants,
  };
}

/** What is done is that shards are moved. */
function movingShards(): Recording {
  const recording = underLoad();
  const { plan, events } = recording;
  const injecting = events.find((event) => event.kind === "injection" && event.moment === "injecting");
  const moved = {
    kind: "shards-moved",
    atUs: (injecting?.atUs ?? 0) + 1000,
    name: "p1",
    shards: 2,
    from: "worker-1",
    to: "worker-2",
    bytes: 8192,
    tookMs: 1,
    lockedMs: 1,
  } as const;
  return {
    ...recording,
    plan: {
      ...plan,
      injections: plan.injections.map((each) => ({ ...each, failureClass: "rescaling" as const })),
    },
    events: [...events, moved],
  };
}

/** By its name alone, as a target has to find it. */
function kindOf(
  { metric, of }: NamedFigure,
  { injections, latency, stages, invariants, capacities, primaries, startUps = [] }: Measurements,
): readonly [metric: string, kind: FigureOf | "unknown"] {
  const ofInjections = injections.map(({ fault, injection }) => injectionTitle(fault, injection));
  const variants = [...invariants, ...capacities, ...primaries].map(({ variant }) => variantTitle(variant));
  const titles: Readonly<Partial<Record<FigureOf, readonly string[]>>> = {
    injection: ofInjections,
    "injection under load": ofInjections,
    "outside injections": [outsideInjections],
    probe: [undefined, "worker-1"].flatMap((group) => [
      probeStream("write", group),
      probeStream("read", group),
    ]),
    "both probes": [bothProbes],
    stream: latency.map(({ stream, part }) => streamTitle(stream, part)),
    stage: stages.map(({ title }) => title),
    operation: stages.flatMap(({ title, operations }) =>
      operations.map(({ operation }) => operationTitle(title, operation)),
    ),
    "sustained part": stages.flatMap(({ title }) =>
      sustainedParts.map((part) => sustainedTitle(title, part)),
    ),
    variant: variants,
    cluster: startUps.map(({ variant }) => variantTitle(variant)),
    "later variant": variants.slice(1),
    checker: [checkerTitle(quiet.name, "everything")],
  };
  const kind = metrics[metric].of.find((each) =>
    each === "finding" || each === "write probe's finding" ? true : titles[each]?.includes(of),
  );
  return [metric, kind ?? "unknown"];
}
