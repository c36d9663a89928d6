import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { expectedTimes } from "./expected-times.ts";
import { type CalibratedFigure, impossiblePairs, judgePairs, type Pair, pairUp } from "./judge-pairs.ts";
import { waitedBetween } from "./processor-waits.ts";

const load = { ratePerSecond: 500, connections: 16, seconds: 1, warmupSeconds: 0, windows: 1 };
const expected = expectedTimes({ kind: "fixed", delayMs: 5 }, load);
const punctual = wakes(500, 60);

test("an engine that adds a tenth of a millisecond matches", () => {
  const figures = judgePairs([{ pairs: pairs(), control: punctual, waitedUs: 0 }], expected, 500);
  expect(figures).toHaveLength(9);
  expect(new Set(figures.map(({ outcome }) => outcome))).toEqual(new Set(["matches"]));
  expect(find(figures, "latency", 99)).toMatchObject({ askedMs: 5, givenMs: 5.04, measuredMs: 5.1 });
});

test("an engine that notes the end 1 ms late for one operation in fifty differs, when the control was punctual", () => {
  const slow = pairs((index) => (index % 50 === 0 ? { endUs: 1000 } : {}));
  const figures = judgePairs([{ pairs: slow, control: punctual, waitedUs: 0 }], expected, 500);
  expect(find(figures, "latency", 99).outcome).toBe("differs");
  expect(find(figures, "latency", 95).outcome).toBe("matches");
});

test("the same is unknown where a thread that only sleeps was as late", () => {
  const slow = pairs((index) => (index % 50 === 0 ? { endUs: 1000 } : {}));
  const late = wakes(500, 60, (index) => (index % 50 === 0 ? 1200 : 0));
  const figures = judgePairs([{ pairs: slow, control: late, waitedUs: 0 }], expected, 500);
  expect(find(figures, "latency", 99).outcome).toBe("unknown");
});

test("the same is unknown where the server had not looked at its connections for as long", () => {
  const slow = pairs((index) => (index % 50 === 0 ? { endUs: 1000, notLookedUs: 2000 } : {}));
  const figures = judgePairs([{ pairs: slow, control: punctual, waitedUs: 0 }], expected, 500);
  expect(find(figures, "latency", 99).outcome).toBe("unknown");
});

test("the same is unknown where engine and server waited as long for a processor as it takes", () => {
  const slow = pairs((index) => (index % 50 === 0 ? { endUs: 1000 } : {}));
  const waiting = (waitedUs: number) =>
    find(judgePairs([{ pairs: slow, control: punctual, waitedUs }], expected, 500), "latency", 99);
  // Five operations in a hundredth of 500, each 1.06 ms too late.
  expect(waiting(5_400).outcome).toBe("unknown");
  expect(waiting(5_200).outcome).toBe("differs");
});

test("one window without noise is enough, since noise only adds", () => {
  const noisy = { pairs: pairs(() => ({ endUs: 3000 })), control: punctual, waitedUs: 0 };
  const calm = { pairs: pairs(), control: punctual, waitedUs: 0 };
  const figures = judgePairs([noisy, calm, noisy], expected, 500);
  expect(find(figures, "latency", 99).outcome).toBe("matches");
});

test("an engine that sends 1 ms late differs by its lag, though it measures its latency right", () => {
  const late = pairs(() => ({ startUs: 1000, receivedUs: 1000, writtenUs: 1000, endUs: 1000 }));
  const figures = judgePairs([{ pairs: late, control: punctual, waitedUs: 0 }], expected, 500);
  expect(find(figures, "schedule lag", 50).outcome).toBe("differs");
  expect(find(figures, "latency", 50).outcome).toBe("matches");
});

test("less than the server gave is the engine's fault, however late the machine", () => {
  const short = pairs(() => ({ endUs: -500 }));
  const late = wakes(500, 5000);
  expect(
    find(judgePairs([{ pairs: short, control: late, waitedUs: 0 }], expected, 500), "latency", 50).outcome,
  ).toBe("differs");
});

test("nothing is impossible of operations that are on schedule and in order of cause and effect", () => {
  expect(impossiblePairs(pairs(), { ratePerSecond: 500, operations: 500 })).toEqual([]);
});

test("operations that are missing, off the schedule, read before they were sent or ended before they were answered", () => {
  const schedule = { ratePerSecond: 500, operations: 500 };
  expect(impossiblePairs(pairs().slice(1), schedule)).toEqual(["500 operations were due, 499 were measured"]);
  expect(
    impossiblePairs(
      pairs((index) => (index === 7 ? { intendedUs: 500 } : {})),
      schedule,
    ),
  ).toEqual(["1 were not due when the schedule has them"]);
  expect(
    impossiblePairs(
      pairs((index) => (index < 2 ? { startUs: 300 } : {})),
      schedule,
    ),
  ).toEqual(["2 are said to have started after the server had read them"]);
  expect(
    impossiblePairs(
      pairs((index) => (index < 3 ? { endUs: -200 } : {})),
      schedule,
    ),
  ).toEqual(["3 are said to have ended before the server had answered them"]);
});

test("samples are paired by the operation's number, in order of intended start; failures are not", () => {
  const sample = (id: number, intendedUs: number, outcome: Sample["outcome"] = "ok"): Sample => ({
    id,
    intendedUs,
    startUs: intendedUs + 1,
    endUs: intendedUs + 9,
    outcome,
    code: null,
  });
  const paired = pairUp(
    [sample(2, 20), sample(1, 10), sample(3, 30), sample(4, 40, "failed")],
    [
      [1, 12, 17, 0],
      [2, 22, 27, 5],
      [4, 42, 47, 0],
    ],
  );
  expect(paired).toEqual([
    { intendedUs: 10, startUs: 11, endUs: 19, receivedUs: 12, writtenUs: 17, notLookedUs: 0 },
    { intendedUs: 20, startUs: 21, endUs: 29, receivedUs: 22, writtenUs: 27, notLookedUs: 5 },
  ]);
});

/** 500 operations of one second: started after 20 us, read after 40, answered 5 ms later, ended 60 us after that; `more` is added. */
function pairs(more: (index: number) => Partial<Pair> = () => ({})): Pair[] {
  return Array.from({ length: 500 }, (_, index) => {
    const intendedUs = index * 2000;
    const added = more(index);
    const plus = (key: keyof Pair, us: number): number => us + (added[key] ?? 0);
    return {
      intendedUs: plus("intendedUs", intendedUs),
      startUs: plus("startUs", intendedUs + 20),
      receivedUs: plus("receivedUs", intendedUs + 40),
      writtenUs: plus("writtenUs", intendedUs + 5040),
      endUs: plus("endUs", intendedUs + 5100),
      notLookedUs: added.notLookedUs ?? 50,
    };
  });
}

function wakes(count: number, lateUs: number, more: (index: number) => number = () => 0) {
  return Array.from({ length: count }, (_, index) => [index * 2000, lateUs + more(index)] as const);
}

function find(
  figures: readonly CalibratedFigure[],
  time: CalibratedFigure["time"],
  percent: CalibratedFigure["percent"],
): CalibratedFigure {
  return figures.find((one) => one.time === time && one.percent === percent)!;
}

test("what was waited between two moments goes by the readings that enclose them", () => {
  const readings = [
    [0, 0],
    [100, 7],
    [200, 9],
    [300, 30],
  ] as const;
  expect(waitedBetween(readings, 120, 180)).toBe(2);
  expect(waitedBetween(readings, 90, 210)).toBe(30);
  expect(waitedBetween([], 0, 1)).toBe(0);
});
