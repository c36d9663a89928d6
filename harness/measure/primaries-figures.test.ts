import { describe, expect, test } from "vitest";
import type { GroupPrimaries, PrimariesStretch } from "../model/primaries.ts";
import { twoPrimariesMs } from "./primaries-figures.ts";

const s = 1e6;
const whole = [[-Infinity, Infinity]] as const;

describe("two primaries", () => {
  test("last as long as two members of a group were writable, within the windows", () => {
    const groups = [group(two(10, 12), two(20, 21)), { ...group(two(30, 30.5)), group: "worker-1" }];
    expect(twoPrimariesMs(groups, whole)).toEqual(value(3500));
    expect(twoPrimariesMs(groups, [[11 * s, 20.25 * s]])).toEqual(value(1250));
    expect(
      twoPrimariesMs(groups, [
        [0, 11 * s],
        [20.5 * s, 40 * s],
      ]),
    ).toEqual(value(2000));
    expect(twoPrimariesMs(groups, [[13 * s, 19 * s]])).toEqual(value(0));
  });

  test("may have lasted longer where a member was not seen", () => {
    const groups = [group(two(10, 11), { ...two(11, 14), writable: ["a"], unseen: ["b"] })];
    expect(twoPrimariesMs(groups, whole)).toEqual({ kind: "between", low: 1000, high: 4000 });
  });

  test("are not known where nobody looked at any group, and are known where somebody looked at one", () => {
    const blind = { ...group(), watched: false };
    const reason = "no observer looked at a group of several members";
    expect(twoPrimariesMs([blind], whole)).toEqual({ kind: "withheld", reason });
    expect(twoPrimariesMs([], whole)).toEqual({ kind: "withheld", reason });
    expect(twoPrimariesMs([blind, group()], whole)).toEqual(value(0));
  });
});

function group(...stretches: readonly PrimariesStretch[]): GroupPrimaries {
  return { variant: "", group: "coordinators", watched: true, stretches };
}

/** In which a and b were seen to be writable, and could acknowledge. */
function two(from: number, to: number): PrimariesStretch {
  return {
    fromUs: from * s,
    toUs: to * s,
    writable: ["a", "b"],
    unseen: [],
    able: ["a", "b"],
    perhapsAble: [],
    acknowledged: null,
  };
}

function value(number: number) {
  return { kind: "value", value: number } as const;
}
