import { describe, expect, it } from "vitest";
import { sliceStage } from "./stage-slices.ts";

const slices = sliceStage(10, { warmupSeconds: 0.5, steadySeconds: 2, coolDownSeconds: 1.25 });

describe("sliceStage", () => {
  it("cuts each phase into seconds, the last one shorter", () => {
    expect(
      slices.all.map(({ phase, fromUs, toUs, lastOfPhase }) => [phase, fromUs, toUs, lastOfPhase]),
    ).toEqual([
      ["warmup", 10, 500_010, true],
      ["steady", 500_010, 1_500_010, false],
      ["steady", 1_500_010, 2_500_010, true],
      ["cool-down", 2_500_010, 3_500_010, false],
      ["cool-down", 3_500_010, 3_750_010, true],
    ]);
    expect([slices.steadyUs, slices.endUs]).toEqual([500_010, 3_750_010]);
  });

  it("finds the slice of every moment, the first one before the start and the last one after the end", () => {
    const moments = [
      0, 10, 500_009, 500_010, 1_500_009, 1_500_010, 3_500_009, 3_500_010, 3_750_009, 9_000_000,
    ];
    expect(moments.map((atUs) => slices.indexAt(atUs))).toEqual([0, 0, 0, 1, 1, 2, 3, 4, 4, 4]);
  });

  it("counts an operation where it ended, or in the last slice of the phase in which it was due", () => {
    expect(slices.indexOf(600_000, 700_000)).toBe(1);
    expect(slices.indexOf(600_000, 1_600_000)).toBe(2);
    expect(slices.indexOf(600_000, 3_000_000)).toBe(2);
    expect(slices.indexOf(400_000, 600_000)).toBe(0);
    expect(slices.indexOf(3_700_000, 5_000_000)).toBe(4);
  });
});
