import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { measure } from "../measure/measure.ts";
import type {
  ClientMeasurement,
  Figure,
  NamedFigure,
  StageMeasurement,
  StageOperation,
} from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import { trustedFigures, whyClientBound } from "./trusted-figures.ts";
import { operationTitle } from "../model/figure-names.ts";

const below10 = { below: 10 } as const;
const first = measuredStage();
const full = { clientBound: "a sending thread used 0.95 of a core" };

test("a latency within its bound stands, however late the client was: its lateness is part of it", () => {
  expect(latency(9, { without: value(3) })).toEqual(value(9));
});

test("a latency beyond its bound is not decided where it would have kept it without the client's lateness", () => {
  expect(latency(12, { without: value(6) })).toEqual({
    kind: "withheld",
    reason: "client late: 12 ms from when operations were due, 6 ms without the client's own lateness",
  });
});

test("a latency that is beyond its bound without the client's lateness too stands", () => {
  expect(latency(20, { without: value(14) })).toEqual(value(20));
});

test("where only a bound is known of what it would be without, a miss that it does not show is not decided", () => {
  expect(latency(20, { without: { kind: "at-least", value: 14 } })).toEqual(value(20));
  expect(latency(20, { without: { kind: "at-least", value: 4 } })).toMatchObject({ kind: "withheld" });
});

test("of a client that was its own limit, a latency that was kept stays kept, and one that was missed is withheld", () => {
  expect(latency(9, { client: full, without: value(9) })).toEqual(value(9));
  expect(latency(20, { client: full, without: value(20) })).toMatchObject({
    kind: "withheld",
    reason: expect.stringMatching(/^client-bound: a sending thread used 0\.95 of a core/) as string,
  });
});

test("a closed load of such a client is lighter than it should be: its latency is withheld either way", () => {
  const shape = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
  for (const ms of [9, 20]) expect(latency(ms, { client: full, shape }).kind).toBe("withheld");
});

test.each(["throughput", "goodput", "connections-served", "queue-wait"] as const)(
  "%s of such a client is a lower bound",
  (metric) => {
    expect(aside({ metric, figure: value(900) }, { client: full })).toEqual({ kind: "at-least", value: 900 });
    expect(aside({ metric, figure: value(900) }, {})).toEqual(value(900));
  },
);

test("failed operations stay judged; of those that such a client had no time for it is not known whose they were", () => {
  const metric = "operations-failed";
  const errors = { failed: { "57P01": 10 }, neverSent: 0 };
  expect(aside({ metric, figure: value(10) }, { client: full, operation: errors })).toEqual(value(10));
  const some = { failed: { "57P01": 10, NEVER_SENT: 5, CLIENT_TIMEOUT: 2 }, neverSent: 5, cutShort: 7 };
  expect(aside({ metric, figure: value(17) }, { client: full, operation: some })).toEqual({
    kind: "between",
    low: 10,
    high: 17,
  });
  expect(aside({ metric, figure: value(17) }, { operation: some })).toEqual({
    kind: "between",
    low: 10,
    high: 17,
  });
  const sent = { ...some, cutShort: 0 };
  expect(aside({ metric, figure: value(17) }, { operation: sent })).toEqual(value(17));
});

test("a throughput, and a goodput, that an open load did not reach may be as high as if its client had sent in time", () => {
  const due = { outcomes: { ok: 4000, failed: 1000, unknown: 0 }, inTime: 3900, late: 50 };
  const stood = { ...due, failed: { NEVER_SENT: 1000 }, neverSent: 1000, cutShort: 1000 };
  const rate = (metric: "throughput" | "goodput", perSecond: number, operation: Partial<StageOperation>) =>
    aside({ metric, figure: value(perSecond) }, { operation });
  // Of 5 s.
  expect(rate("throughput", 800, stood)).toEqual({ kind: "between", low: 800, high: 1000 });
  expect(rate("goodput", 780, stood)).toEqual({ kind: "between", low: 780, high: 990 });
  const full = { ...stood, cutShort: 0 };
  expect(rate("throughput", 800, full)).toEqual(value(800));
  expect(rate("goodput", 780, { ...full, late: 0 })).toEqual(value(780));
});

test("what was not measured stays not measured, whatever the client did", () => {
  const unread: Figure = { kind: "withheld", reason: "unread" };
  for (const metric of ["throughput", "operations-failed", "latency-p99"] as const) {
    expect(aside({ metric, figure: unread }, { client: full })).toEqual(unread);
    expect(aside({ metric, figure: unread }, {})).toEqual(unread);
  }
});

test("what is neither a rate nor a percentile is no question of a client that was full, or late", () => {
  const metric = "operations-late";
  expect(aside({ metric, figure: value(20) }, { client: full })).toEqual(value(20));
  const late = { outcomes: { ok: 4000, failed: 1000, unknown: 0 }, cutShort: 1000 };
  expect(aside({ metric, figure: value(20) }, { operation: late })).toEqual(value(20));
});

test("a stage that has a problem decides nothing, and gives it as the reason", () => {
  const stage = { ...first, problem: "it failed" };
  const named = { metric: "latency-p99", of: stage.title, fault: null, figure: value(2), n: 1 } as const;
  expect(trustedFigures([named], [stage], below10)[0]?.figure).toEqual({
    kind: "withheld",
    reason: "it failed",
  });
  expect(trustedFigures([{ ...named, of: "another stage" }], [stage], below10)[0]?.figure).toEqual(value(2));
});

test("of a closed load a rate lies within what it would be if its client had not stood still", () => {
  const shape = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
  const withoutStallsPerSecond = {
    throughput: { kind: "between", low: 800, high: 1600 },
    goodput: { kind: "between", low: 790, high: 1590 },
  } as const;
  const stage = { ...first, problem: null, stage: { ...first.stage, shape }, withoutStallsPerSecond };
  for (const metric of ["throughput", "goodput"] as const) {
    const seen = { metric, of: stage.title, fault: null, figure: value(800), n: 4000 };
    expect(trustedFigures([seen], [stage], below10)[0]?.figure).toEqual(withoutStallsPerSecond[metric]);
  }
});

test("of a load of which nothing was recorded a rate is what was seen", () => {
  const missed = { outcomes: { ok: 4000, failed: 1000, unknown: 0 }, cutShort: 1000 };
  const named = { metric: "throughput", of: first.title, fault: null, figure: value(0), n: 0 } as const;
  const nothing = {
    ...first,
    problem: null,
    steadySeconds: 0,
    operations: first.operations.map((each) => ({ ...each, ...missed })),
  };
  expect(trustedFigures([named], [nothing], below10)[0]?.figure).toEqual(value(0));
});

test("what has no known outcome was missed too, and what was answered late is missed by a goodput alone", () => {
  const operation = {
    outcomes: { ok: 4000, failed: 300, unknown: 200 },
    inTime: 3900,
    late: 0,
    cutShort: 5000,
  };
  const rate = (metric: "throughput" | "goodput", perSecond: number) =>
    aside({ metric, figure: value(perSecond) }, { operation });
  // Of 5 s: 500 that did not end ok, and 100 that ended late.
  expect(rate("throughput", 800)).toEqual({ kind: "between", low: 800, high: 900 });
  expect(rate("goodput", 780)).toEqual({ kind: "between", low: 780, high: 900 });
});

test("failures are of the operation that the figure is of", () => {
  const [all] = first.operations;
  const read = { ...all!, operation: "read", failed: { CLIENT_TIMEOUT: 4 }, neverSent: 0, cutShort: 4 };
  const stage = {
    ...first,
    problem: null,
    operations: [{ ...all!, failed: {}, neverSent: 0, cutShort: 0 }, read],
  };
  const failed = (of: string) =>
    trustedFigures(
      [{ metric: "operations-failed", of, fault: null, figure: value(9), n: 9 }],
      [stage],
      below10,
    )[0]?.figure;
  expect(failed(stage.title)).toEqual(value(9));
  expect(failed(operationTitle(stage.title, "read"))).toEqual({ kind: "between", low: 5, high: 9 });
  expect(failed(operationTitle(stage.title, "write"))).toEqual(value(9));
});

test("of a client that was full, all that it did not send, and all that timed out, may be its own", () => {
  const metric = "operations-failed";
  const operation = { failed: { CLIENT_TIMEOUT: 2 }, neverSent: 5, cutShort: 0 };
  expect(aside({ metric, figure: value(17) }, { client: full, operation })).toEqual({
    kind: "between",
    low: 10,
    high: 17,
  });
});

test("up to which rate a full client would have been fine is said where it is known", () => {
  const why = (fineUpToPerSecond: Figure) =>
    whyClientBound({ metric: "latency-p99", of: first.title }, [
      { ...first, client: { ...first.client, clientBound: "it was full", fineUpToPerSecond } },
    ]);
  expect(why(value(7360))).toBe("client-bound: it was full; it would have been fine up to 7,360 op/s");
  expect(why({ kind: "withheld", reason: "unknown" })).toBe("client-bound: it was full");
  expect(whyClientBound({ metric: "latency-p99", of: "another stage" }, [first])).toBeNull();
});

test("a service time beyond its bound is not decided where answers were read late for the client's own stall", () => {
  const late = (without: number) =>
    aside(
      {
        metric: "service-time-p99",
        figure: value(5000),
        withoutLateness: { kind: "at-least", value: without },
      },
      {},
    );
  expect(late(6)).toEqual({
    kind: "withheld",
    reason: "client late: 5,000 ms until it was read, at least 6 ms without the client's own stalls",
  });
  expect(late(12)).toEqual(value(5000));
});

test.each([
  ["latency-p99", `${first.title}, during`],
  ["latency-p99", `${first.title}, before`],
  ["latency-recovery", "kill-node, injection 1"],
] as const)("%s of %s is the sustained stage's: its problem and its client count", (metric, of) => {
  const figure: NamedFigure = { metric, of, fault: null, figure: value(20), n: 5000 };
  const sustained: StageMeasurement = { ...first, stage: { ...first.stage, purpose: "sustained" } };
  const asideOf = (changed: Partial<StageMeasurement>, named: Partial<NamedFigure> = {}) =>
    trustedFigures([{ ...figure, ...named }], [{ ...sustained, problem: null, ...changed }], below10)[0]!
      .figure;
  expect(asideOf({})).toEqual(value(20));
  expect(asideOf({ problem: "it failed (XX000): gone" })).toEqual({
    kind: "withheld",
    reason: "it failed (XX000): gone",
  });
  const client = { ...first.client, ...full };
  expect(asideOf({ client })).toMatchObject({
    kind: "withheld",
    reason: expect.stringMatching(/^client-bound: /) as string,
  });
  expect(asideOf({}, { withoutLateness: value(6) })).toMatchObject({
    kind: "withheld",
    reason: expect.stringMatching(/^client late: 20/) as string,
  });
});

interface Setting {
  readonly client?: Partial<ClientMeasurement>;
  readonly operation?: Partial<StageOperation>;
  readonly shape?: StageMeasurement["stage"]["shape"];
}

function latency(ms: number, { without, ...setting }: Setting & { readonly without?: Figure }): Figure {
  const named = { metric: "latency-p99", figure: value(ms) } as const;
  return aside(without === undefined ? named : { ...named, withoutLateness: without }, setting);
}

function aside(
  named: Pick<NamedFigure, "metric" | "figure" | "withoutLateness">,
  { client, operation, shape }: Setting,
  bound: Target["bound"] = below10,
): Figure {
  const stage: StageMeasurement = {
    ...first,
    stage: { ...first.stage, shape: shape ?? first.stage.shape },
    problem: null,
    operations: first.operations.map((each) => ({ ...each, ...operation })),
    client: { ...first.client, clientBound: null, clientLate: null, ...client },
  };
  return trustedFigures([{ ...named, of: stage.title, fault: null, n: 5000 }], [stage], bound)[0]!.figure;
}

function measuredStage(): StageMeasurement {
  const safety = {
    byInjection: [],
    sinceLastInjection: [],
    whole: [],
    primaries: [],
    secondAcknowledgements: null,
    copies: [],
    checks: [],
    gaps: [],
  };
  return measure(fakeBenchmarkRecording(), safety).stages[1]!;
}

function value(of: number): Figure {
  return { kind: "value", value: of };
}
