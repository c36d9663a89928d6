import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { CapacityMeasurement, Figure, Measurements, NamedFigure } from "../model/measurement.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { Target } from "../model/target.ts";
import type { Judged } from "./judged.ts";
import { reasonsForDoubt } from "./reasons-for-doubt.ts";

const target: Target = {
  id: "T",
  title: "",
  metric: "latency-p99",
  statistic: "each",
  bound: { below: 10 },
  source: "test",
};
const kept: NamedFigure = {
  metric: "latency-p99",
  of: "writes",
  fault: null,
  figure: { kind: "value", value: 2 },
  n: 100,
};
const value = (of: number): Figure => ({ kind: "value", value: of });
const withheld = (reason: string): Figure => ({ kind: "withheld", reason });

test("a whole run within the bound leaves no doubt", () => {
  expect(doubts({})).toEqual([]);
});

test("an incomplete recording is a doubt, with its reason as it was given", () => {
  expect(doubts({ end: { kind: "incomplete", reason: "postgres 17.2 was killed." } })).toEqual([
    "the recording is incomplete (postgres 17.2 was killed)",
  ]);
});

test("an injection whose command failed was not carried out", () => {
  expect(doubts({ faults: ["kill-node", "kill-node"], carriedOut: [true, false] })).toEqual([
    "only 1 of 2 planned injections were carried out",
  ]);
  expect(doubts({ faults: ["kill-node", "kill-node"], carriedOut: [true, true] })).toEqual([]);
});

test("what k6 measures of a latency is a service time; a throughput is a throughput", () => {
  const { plan } = fakeBenchmarkRecording();
  const { benchmark } = plan;
  const k6 = {
    ...plan,
    benchmark: { ...benchmark!, client: { ...benchmark!.client, engine: "k6" } },
  } as const;
  const said = ["k6 knows no intended start: what it measures is a service time"];
  expect(doubts({ plan: k6 })).toEqual(said);
  expect(doubts({ plan })).toEqual([]);
  expect(doubts({ plan: k6, target: { ...target, metric: "throughput", bound: { atLeast: 1 } } })).toEqual(
    [],
  );
});

test("a client that is later than one probe interval, of 10 ms, measures itself", () => {
  const late = ["the client did not keep its schedule (lag p99 10.5 ms, one probe interval is 10 ms)"];
  expect(doubts({ lagP99: value(10.5) })).toEqual(late);
  expect(doubts({ lagP99: value(10) })).toEqual([]);
  expect(doubts({ lagP99: { kind: "at-least", value: 50 } })).toEqual([]);
  expect(doubts({ lagP99: withheld("no probe") })).toEqual([]);
});

test("counts do not depend on the client's schedule, nor does its lag itself, nor what observers saw", () => {
  for (const metric of [
    "lost-writes",
    "schedule-lag-p99",
    "write-unavailability",
    "two-primaries",
    "acknowledging-primaries",
  ] as const) {
    expect(doubts({ lagP99: value(50), target: { ...target, metric } })).toEqual([]);
  }
  expect(
    doubts({ lagP99: value(50), target: { ...target, metric: "time-to-full-redundancy" } }),
  ).toHaveLength(1);
});

test("bounds say why they are not one figure where the client is the reason, and only there", () => {
  const between: Figure = { kind: "between", low: 1, high: 12 };
  const of = (metric: Target["metric"], figure: Figure, bound: Target["bound"] = { below: 10 }) =>
    doubts({ target: { ...target, metric, bound }, evidence: [{ ...kept, metric, figure }] });
  expect(of("write-unavailability", between)).toEqual([
    "writes: between 1 s and 12 s, since the client itself stood still for a time and did not look",
  ]);
  for (const metric of ["throughput", "goodput", "operations-failed"] as const) {
    expect(of(metric, between)[0]).toMatch(
      /between 1 \S+ and 12 \S+, since the client itself did not send, or not in time, what was due$/,
    );
  }
  expect(of("time-to-full-redundancy", between)).toEqual(["writes: between 1 s and 12 s"]);
  expect(of("write-unavailability", { kind: "at-least", value: 1 })).toEqual(["writes: at least 1 s"]);
  expect(of("write-unavailability", withheld("unread"))).toEqual(["writes: unread"]);
});

test("a promised capacity within the interval is decided by a stage at that rate", () => {
  const of = (figure: Figure, bound: Target["bound"]) =>
    doubts({
      target: { ...target, metric: "capacity", bound },
      evidence: [{ ...kept, metric: "capacity", figure }],
    });
  const between: Figure = { kind: "between", low: 900, high: 1100 };
  expect(of(between, { atLeast: 1000 })).toEqual([
    "writes: between 900 op/s and 1,100 op/s (a scenario with a fixed stage at 1,000 op/s decides it)",
  ]);
  expect(of(between, { below: 1000 })).toEqual(["writes: between 900 op/s and 1,100 op/s"]);
  expect(of(withheld("no stage was run"), { atLeast: 1000 })).toEqual(["writes: no stage was run"]);
});

test("nothing measured is a doubt, and says of what, and of which capacity that was not found", () => {
  const nothing = (
    of: string | undefined,
    ...capacities: Pick<CapacityMeasurement, "variant" | "perSecond">[]
  ) => doubts({ target: of === undefined ? target : { ...target, of }, evidence: [], capacities });
  expect(nothing(undefined)).toEqual(["nothing was measured"]);
  expect(nothing("half of capacity")).toEqual(['nothing was measured of "half of capacity"']);
  const none = { variant: "", perSecond: withheld("every rate was refused") };
  const found = { variant: "", perSecond: value(900) };
  expect(nothing("half of capacity", found)).toEqual(['nothing was measured of "half of capacity"']);
  expect(nothing("half of capacity", none)).toEqual([
    'nothing was measured of "half of capacity" (no capacity was found: every rate was refused)',
  ]);
  const [a, b] = ["a", "b"].map((variant) => ({ variant, perSecond: withheld(`none of ${variant}`) }));
  expect(nothing("a: half of capacity", a!, b!)).toEqual([
    'nothing was measured of "a: half of capacity" (no capacity was found: none of a)',
  ]);
  expect(nothing(undefined, a!, b!)).toEqual([
    "nothing was measured (no capacity was found: none of a; none of b)",
  ]);
});

interface Doubtful {
  readonly target?: Target;
  readonly evidence?: readonly NamedFigure[];
  readonly plan?: Judged["plan"];
  readonly faults?: readonly string[];
  readonly carriedOut?: readonly boolean[];
  readonly end?: Judged["end"];
  readonly lagP99?: Figure;
  readonly capacities?: readonly Pick<CapacityMeasurement, "variant" | "perSecond">[];
}

function doubts(given: Doubtful): string[] {
  const wanted = given.target ?? target;
  const carriedOut = given.carriedOut ?? [];
  // Only what a doubt reads of a measurement.
  const measurements = {
    injections: carriedOut.map((done) => ({ commandFailed: done ? null : "no such container" })),
    stages: [],
    capacities: given.capacities ?? [],
    scheduleLagMs: { p99: given.lagP99 ?? value(1) },
  } as unknown as Measurements;
  return reasonsForDoubt(
    wanted,
    given.evidence ?? [{ ...kept, metric: wanted.metric, figure: keptBy(wanted) }],
    {
      plan: given.plan ?? fakePlan(given.faults ?? []),
      measurements,
      end: given.end ?? { kind: "complete" },
    },
  );
}

function keptBy({ bound }: Target): Figure {
  return value("atLeast" in bound ? bound.atLeast + 1 : 0);
}
