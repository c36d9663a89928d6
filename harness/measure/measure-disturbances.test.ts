import { describe, expect, test } from "vitest";
import { fakeBenchmarkRecording, fakeHistogram, fakeOpenShape } from "../model/benchmark-recording.fake.ts";
import type { InjectionMeasurement } from "../model/measurement.ts";
import type { OperationSecond, RecordedStage } from "../model/stage.ts";
import { disturbanceFigures, measureDisturbances } from "./measure-disturbances.ts";

const settings = { engine: "native", timeoutMs: 2000 } as const;
const S = 1_000_000;

/** `due` operations a second (1,000 when left out), of which `notOk` fail, and the others take `ms`. */
interface FakeSecond {
  readonly ms: number;
  /** That ended in this second: none while all wait for a primary. */
  readonly due?: number;
  readonly notOk?: number;
  /** How long they take from when the client noticed that they were due; `ms` when left out: it was not late. */
  readonly noticedMs?: number;
}

/** A sustained stage from moment 0 on. */
function sustained(seconds: readonly FakeSecond[]): RecordedStage {
  const [made] = fakeBenchmarkRecording({
    client: { agents: 1 },
    stages: [
      {
        name: "50 % of capacity, sustained",
        purpose: "sustained",
        shape: fakeOpenShape(1000),
        phases: { warmupSeconds: 0, steadySeconds: 1, coolDownSeconds: 0 },
      },
    ],
  }).stages;
  const [like] = made!.seconds;
  return {
    ...made!,
    startedUs: 0,
    seconds: seconds.map(({ ms, due = 1000, notOk = 0, noticedMs = ms }, index) => ({
      ...like!,
      fromUs: index * S,
      toUs: (index + 1) * S,
      operations: like!.operations.map((operation): OperationSecond => ({
        ...operation,
        ok: due - notOk,
        failed: notOk === 0 ? {} : { "57P01": notOk },
        unknown: {},
        latency: fakeHistogram(Array.from({ length: due - notOk }, () => ms * 1000)),
        noticed: fakeHistogram(Array.from({ length: due - notOk }, () => noticedMs * 1000)),
      })),
    })),
  };
}

function times(count: number, second: FakeSecond): FakeSecond[] {
  return Array.from({ length: count }, () => second);
}

function injected(injection: number, faultAtUs: number, windowEndUs: number): InjectionMeasurement {
  return { injection, fault: "kill-node", role: "primary", faultAtUs, windowEndUs } as InjectionMeasurement;
}

const calm: FakeSecond = { ms: 4 };

test("latency is back at the end of the last window of five seconds whose p99 is above what it was by more than 10 %", () => {
  // Seconds 10 to 17 are slow: the last window with one of them ends at 22.
  const stage = sustained([...times(10, calm), ...times(8, { ms: 40 }), ...times(12, calm)]);
  const [one] = measureDisturbances([stage], [injected(1, 10.5 * S, 30 * S)], settings);
  expect(one).toMatchObject({ injection: 1, kind: "kill-node", stage: "50 % of capacity, sustained" });
  expect(one!.before.n).toBe(10_000);
  expect(one!.before.p99).toMatchObject({ kind: "value", value: expect.closeTo(4, 1) as number });
  // The second that the fault falls into is the fault's.
  expect(one!.during.n).toBe(20_000);
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 22 - 10.5 });
  expect(one!.worstP99Ms).toMatchObject({ kind: "value", value: expect.closeTo(40, 0) as number });
});

test("what failed ranks last: a load that is refused at once is not quick", () => {
  const stage = sustained([...times(10, calm), ...times(3, { ms: 1, notOk: 600 }), ...times(12, calm)]);
  const [one] = measureDisturbances([stage], [injected(1, 10 * S, 25 * S)], settings);
  expect(one!.during).toMatchObject({ n: 15_000, notOk: 1800, p99: { kind: "at-least", value: 2000 } });
  expect(one!.worstP99Ms).toEqual({ kind: "at-least", value: 2000 });
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 7 });
});

test("a fault that the load does not feel takes no time, and 9 % more is within 10 %", () => {
  const stage = sustained([...times(10, calm), ...times(12, { ms: 4.36 })]);
  const [one] = measureDisturbances([stage], [injected(1, 10 * S, 22 * S)], settings);
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 0 });
});

test("what one window is off the whole by chance does not count: it is compared with the worst before", () => {
  const restless = [...times(5, calm), { ms: 12 }, ...times(5, calm)];
  const stage = sustained([...restless, ...restless, ...times(3, calm)]);
  const [one] = measureDisturbances([stage], [injected(1, 11 * S, 25 * S)], settings);
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 0 });
});

test("latency that is still above at the end of the window took at least as long", () => {
  const stage = sustained([...times(10, calm), ...times(12, { ms: 9 })]);
  const [one] = measureDisturbances([stage], [injected(1, 10 * S, 22 * S)], settings);
  expect(one!.recoverySeconds).toEqual({ kind: "at-least", value: 12 });
});

test("each injection has its own window, and all are compared with what was before the first", () => {
  const stage = sustained([
    ...times(10, calm),
    ...times(10, calm),
    ...times(5, { ms: 50 }),
    ...times(10, calm),
  ]);
  const both = [injected(1, 10 * S, 20 * S), injected(2, 20 * S, 35 * S)];
  const found = measureDisturbances([stage], both, settings);
  expect(found.map(({ recoverySeconds }) => recoverySeconds)).toEqual([
    { kind: "value", value: 0 },
    { kind: "value", value: 9 },
  ]);
  expect(found.map(({ before }) => before.n)).toEqual([10_000, 10_000]);
});

test("load that ended before the injection's window says nothing of the rest of it", () => {
  const harmless = sustained([...times(10, calm), ...times(7, calm)]);
  const [unfelt] = measureDisturbances([harmless], [injected(1, 10.5 * S, 60 * S)], settings);
  expect(unfelt!.recoverySeconds).toEqual({
    kind: "withheld",
    reason: "the load was watched for 6.5 s of 49.5 s",
  });
  expect(unfelt!.worstP99Ms).toMatchObject({ kind: "value", value: expect.closeTo(4, 1) as number });
  const felt = sustained([...times(10, calm), ...times(3, { ms: 40 }), ...times(9, calm)]);
  const [slow] = measureDisturbances([felt], [injected(1, 10 * S, 60 * S)], settings);
  expect(slow!.recoverySeconds).toEqual({ kind: "at-least", value: 7 });
});

test("a load may be watched to within two seconds of the window's end: its seconds are not the window's", () => {
  const stage = sustained([...times(10, calm), ...times(8, { ms: 40 }), ...times(12, calm)]);
  const [one] = measureDisturbances([stage], [injected(1, 10.5 * S, 31.9 * S)], settings);
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 22 - 10.5 });
});

describe("seconds in which nothing ended", () => {
  const silent: FakeSecond = { ms: 4, due: 0 };
  const sent: FakeSecond = { ms: 4, due: 300 };
  const timedOut: FakeSecond = { ms: 4, due: 300, notOk: 300 };
  /** 300 operations a second, which all time out after 2 s while there is no primary. */
  const outage = [...times(10, sent), ...times(2, silent), ...times(10, timedOut)];

  test("do not hide when latency was back after them", () => {
    const stage = sustained([...outage, ...times(15, sent)]);
    const [one] = measureDisturbances([stage], [injected(1, 10 * S, 37 * S)], settings);
    expect(one!.recoverySeconds).toEqual({ kind: "value", value: 16 });
    expect(one!.worstP99Ms).toMatchObject({ kind: "withheld" });
  });

  test("leave open, where they come last, for how much longer latency was above", () => {
    const stage = sustained([...outage, ...times(10, sent), ...times(2, silent), sent, sent]);
    const [one] = measureDisturbances([stage], [injected(1, 10 * S, 36 * S)], settings);
    expect(one!.recoverySeconds).toEqual({ kind: "at-least", value: 16 });
  });

  test("withhold it where latency was never seen above", () => {
    const stage = sustained([...times(10, sent), ...times(2, silent), ...times(10, sent)]);
    const [one] = measureDisturbances([stage], [injected(1, 10 * S, 22 * S)], settings);
    expect(one!.recoverySeconds).toEqual({
      kind: "withheld",
      reason: "p99 needs 1000 samples, there are 900",
    });
  });
});

test("what is too short to know is withheld with the reason", () => {
  const short = measureDisturbances([sustained(times(13, calm))], [injected(1, 10 * S, 13 * S)], settings);
  expect(short[0]!.recoverySeconds).toEqual({
    kind: "withheld",
    reason: "the load was watched for less than five seconds",
  });
  const noBefore = measureDisturbances([sustained(times(13, calm))], [injected(1, 0, 13 * S)], settings);
  expect(noBefore[0]!.recoverySeconds).toMatchObject({
    kind: "withheld",
    reason: expect.stringContaining("before the fault: ") as string,
  });
});

test("targets find latency back by injection, and the stage's latency before and during the faults", () => {
  const stage = sustained([...times(10, calm), ...times(8, { ms: 40 }), ...times(12, calm)]);
  const injections = [injected(1, 10 * S, 30 * S)];
  const found = disturbanceFigures(
    measureDisturbances([stage], injections, settings),
    [stage],
    injections,
    settings,
  );
  expect(found.map(({ metric, of, n }) => [metric, of, n])).toEqual([
    ["latency-recovery", "kill-node, injection 1", 20_000],
    ["latency-p50", "50 % of capacity, sustained, before", 10_000],
    ["latency-p95", "50 % of capacity, sustained, before", 10_000],
    ["latency-p99", "50 % of capacity, sustained, before", 10_000],
    ["latency-p50", "50 % of capacity, sustained, during", 20_000],
    ["latency-p95", "50 % of capacity, sustained, during", 20_000],
    ["latency-p99", "50 % of capacity, sustained, during", 20_000],
  ]);
});

test("stages that were not sustained are disturbed by nothing", () => {
  const recording = fakeBenchmarkRecording();
  expect(measureDisturbances(recording.stages, [injected(1, 0, 30 * S)], settings)).toEqual([]);
});

test("a client that stood still under the fault leaves open whether latency was back before", () => {
  const late: FakeSecond = { ms: 900, noticedMs: 4 };
  const stage = sustained([...times(10, calm), ...times(3, { ms: 40 }), late, ...times(12, calm)]);
  const injections = [injected(1, 10 * S, 26 * S)];
  const [one] = measureDisturbances([stage], injections, settings);
  expect(one!.recoverySeconds).toEqual({ kind: "value", value: 8 });
  expect(one!.withoutLatenessSeconds).toEqual({ kind: "value", value: 7 });
  const figures = disturbanceFigures([one!], [stage], injections, settings);
  expect(figures.find(({ metric }) => metric === "latency-recovery")?.withoutLateness).toEqual({
    kind: "value",
    value: 7,
  });
  const during = figures.find(({ metric, of }) => metric === "latency-p99" && of.endsWith(", during"));
  expect(during).toMatchObject({
    figure: { kind: "value", value: expect.closeTo(900, 0) as number },
    withoutLateness: { kind: "value", value: expect.closeTo(40, 0) as number },
  });
});

test("a client that stood still before the faults leaves open how soon latency was back, and does not make them harmless", () => {
  const late: FakeSecond = { ms: 900, noticedMs: 4 };
  const stage = sustained([...times(9, calm), late, ...times(8, { ms: 400 }), ...times(12, calm)]);
  const [one] = measureDisturbances([stage], [injected(1, 10 * S, 30 * S)], settings);
  // Above the 900 ms of the client it never was; above the cluster's own 4 ms for eight seconds and one window.
  expect(one!.recoverySeconds).toEqual({ kind: "between", low: 0, high: 12 });
});

test("recall under several faults is that of the one during which it was lowest", () => {
  const exact = [
    { variant: "", operation: "search", query: 1, rows: 2, lastLastingId: 9, distances: [1, 2] },
  ];
  const answers = (fromUs: number, count: number, ids: readonly number[]) =>
    Array.from({ length: count }, () => ({
      ...{ query: 1, intendedUs: fromUs + 1, ids, distances: ids.map((id) => id) },
    }));
  const stage = {
    ...sustained(times(40, calm)),
    answers: new Map([["search", [...answers(10 * S, 180, [1, 2]), ...answers(20 * S, 20, [1])]]]),
  };
  const injections = [injected(1, 10 * S, 20 * S), injected(2, 20 * S, 30 * S)];
  const figures = disturbanceFigures([], [stage], injections, settings, exact);
  const during = (metric: string) =>
    figures.find((one) => one.metric === metric && one.of.endsWith(", during"))?.figure;
  // All together they would be right by 95 %.
  expect(during("recall")).toEqual({ kind: "value", value: 0.5 });
  expect(during("short-results")).toEqual({ kind: "value", value: 1 });
});
