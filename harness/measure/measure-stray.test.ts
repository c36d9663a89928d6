import { describe, expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import type { Stretch } from "../stats/stretches.ts";
import { fakeWindow } from "./injection.fake.ts";
import { listStray, strayFigure, type StrayStory } from "./measure-stray.ts";

const s = 1e6;

/** Probes each second until 100 s; the steady phase begins at 5 s, and the only injection's window is 10 to 60 s. */
const calm: StrayStory = {
  stream: "write-probe",
  samples: Array.from({ length: 100 }, (_, index) => sample(index)),
  stray: { unserved: [], notSeenServed: [] },
  steadyFromUs: 5 * s,
  endOfLoadUs: 100 * s,
};
const windows = [fakeWindow()];

describe("stray outages", () => {
  test("are told apart by the beginning of the steady phase, at which one is cut", () => {
    expect(listStray(story([3, 7]))).toEqual([
      { stream: "write-probe", fromUs: 3 * s, seconds: value(2), inWarmup: true },
      { stream: "write-probe", fromUs: 5 * s, seconds: value(2), inWarmup: false },
    ]);
  });

  test("are all of the warm-up where the run did not come so far as the steady phase", () => {
    const [only, ...more] = listStray({ ...story([3, 7]), steadyFromUs: null });
    expect([only?.inWarmup, only?.seconds, more]).toEqual([true, value(4), []]);
  });

  test("last between what was seen and what was not seen to be served", () => {
    const seen = { unserved: [stretch(62, 63)], notSeenServed: [stretch(61, 65)] };
    expect(listStray({ ...calm, stray: seen })[0]?.seconds).toEqual({ kind: "between", low: 1, high: 4 });
  });

  test("that had not ended last at least to the end of load", () => {
    const stray = { unserved: [{ fromUs: 90 * s, toUs: null }], notSeenServed: [stretch(90, Infinity)] };
    expect(listStray({ ...calm, stray })[0]?.seconds).toEqual({ kind: "at-least", value: 10 });
  });

  test("that were not seen to end, because nobody looked, end with the load", () => {
    const stray = { unserved: [stretch(90, 92)], notSeenServed: [stretch(90, Infinity)] };
    expect(listStray({ ...calm, stray })[0]?.seconds).toEqual({ kind: "between", low: 2, high: 10 });
  });

  test("of another moment that are open add nothing to one that ended", () => {
    const unserved = [stretch(62, 63), { fromUs: 90 * s, toUs: null }];
    const stray = { unserved, notSeenServed: [stretch(62, 63), stretch(90, Infinity)] };
    expect(listStray({ ...calm, stray }).map(({ seconds }) => seconds)).toEqual([
      value(1),
      { kind: "at-least", value: 10 },
    ]);
  });
});

describe("stray unavailability", () => {
  test("is none of a calm run, over the probes outside the windows of its steady phase", () => {
    expect(figure(calm)).toEqual({
      metric: "stray-unavailability",
      of: "write-probe",
      fault: null,
      figure: value(0),
      n: 5 + 40,
    });
  });

  test("adds up what was seen, without the warm-up, and began with the worst", () => {
    expect(figure(story([3, 7], [61, 62], [70, 74], [80, 81]))).toMatchObject({
      figure: value(2 + 1 + 4 + 1),
      fromUs: 70 * s,
    });
  });

  test("holds the longest stretch in which nobody looked, not the sum of all", () => {
    const unserved = [stretch(61, 62)];
    const notSeenServed = [stretch(61, 62), stretch(70, 73), stretch(80, 85)];
    expect(figure({ ...calm, stray: { unserved, notSeenServed } })).toMatchObject({
      figure: { kind: "between", low: 1, high: 6 },
      fromUs: 61 * s,
    });
  });

  test("began with the longest of those that were not seen, where nothing else was", () => {
    const notSeenServed = [stretch(70, 73), stretch(80, 85), stretch(90, 91)];
    expect(figure({ ...calm, stray: { unserved: [], notSeenServed } })).toMatchObject({
      figure: { kind: "between", low: 0, high: 5 },
      fromUs: 80 * s,
    });
  });

  test("is of this probe alone", () => {
    const outages = listStray({ ...story([61, 62]), stream: "read-probe" });
    expect(strayFigure(calm, outages, windows).figure).toEqual(value(0));
  });

  test("is withheld where no probe was due in the steady phase outside the windows", () => {
    const reason = "no probe was recorded in the steady phase or between injections";
    const withheld = { figure: { kind: "withheld", reason }, n: 0 };
    expect(figure({ ...calm, steadyFromUs: null })).toMatchObject(withheld);
    expect(figure({ ...calm, samples: [...calm.samples].slice(10, 60) })).toMatchObject(withheld);
  });

  function figure(told: StrayStory) {
    return strayFigure(told, listStray(told), windows);
  }
});

/** That was not served from each of these moments to the other, and was seen all the time. */
function story(...outages: readonly (readonly [from: number, to: number])[]): StrayStory {
  const stretches = outages.map(([from, to]) => stretch(from, to));
  return { ...calm, stray: { unserved: stretches, notSeenServed: stretches } };
}

function stretch(from: number, to: number): Stretch {
  return { fromUs: from * s, toUs: to * s };
}

function sample(second: number): Sample {
  const intendedUs = second * s;
  return {
    id: second + 1,
    intendedUs,
    startUs: intendedUs,
    endUs: intendedUs + 2000,
    outcome: "ok",
    code: null,
  };
}

function value(seconds: number) {
  return { kind: "value", value: seconds };
}
