import { describe, expect, test } from "vitest";
import { type Outage, outageOfFailover, outagesOf } from "./failover-outages.ts";

const s = 1e6;

describe("outages", () => {
  test("are what was seen to go unserved, each to its end", () => {
    const unserved = [episode(10, 12), episode(20, null)];
    const notSeenServed = [stretch(10, 12), stretch(20, Infinity)];
    expect(outagesOf({ unserved, notSeenServed })).toEqual([outage(10, 12), outage(20, null)]);
  });

  test("are one where nothing but unseen time lies between them, open from the last that was seen", () => {
    const unserved = [episode(10, 12), episode(15, 16)];
    const seen = { unserved, notSeenServed: [stretch(10, 18)] };
    expect(outagesOf(seen)).toEqual([{ ...outage(10, 18), unseenFromUs: 16 * s }]);
    expect(outagesOf({ ...seen, notSeenServed: [stretch(10, 16)] })).toEqual([outage(10, 16)]);
  });

  test("begin with what was seen, and are none where nothing was", () => {
    const unserved = [episode(11, 12), episode(20, 21)];
    const notSeenServed = [stretch(5, 6), stretch(9, 12), stretch(13, 20), stretch(20, 21)];
    expect(outagesOf({ unserved, notSeenServed })).toEqual([outage(11, 12), outage(20, 21)]);
  });
});

describe("the outage of a failover", () => {
  const outages = [outage(10, 11), outage(20, 22), outage(30, 31)];

  test("is the one in which somebody was promoted, its edges included", () => {
    expect(of(10)).toBe(outages[0]);
    expect(of(11)).toBe(outages[0]);
    expect(of(20)).toBe(outages[1]);
    expect(of(22)).toBe(outages[1]);
    expect(of(30.5)).toBe(outages[2]);
  });

  test("is the one that had just ended when the promotion was seen", () => {
    expect(of(12)).toBe(outages[0]);
    expect(of(32)).toBe(outages[2]);
  });

  test("is rather one that had not ended than one that had just done so", () => {
    const close = [outage(10, 11), outage(11.5, 13)];
    expect(outageOfFailover(close, 11.8 * s, s)).toBe(close[1]);
  });

  test("is the longest where the promotion was not seen, or lies in none; one without an end is longest", () => {
    expect(of(null)).toBe(outages[1]);
    expect(of(9.9)).toBe(outages[1]);
    expect(of(33)).toBe(outages[1]);
    const open = outage(40, null);
    expect(outageOfFailover([...outages, open], null, s)).toBe(open);
    expect(outageOfFailover([...outages, open], 50 * s, s)).toBe(open);
    expect(outageOfFailover([], 10 * s, s)).toBeUndefined();
  });

  function of(promotedAt: number | null): Outage | undefined {
    return outageOfFailover(outages, promotedAt === null ? null : promotedAt * s, s);
  }
});

function outage(from: number, to: number | null): Outage {
  return { ...episode(from, to), unseenFromUs: null };
}

function episode(from: number, to: number | null) {
  return { fromUs: from * s, toUs: to === null ? null : to * s };
}

function stretch(from: number, to: number) {
  return { fromUs: from * s, toUs: to * s };
}
