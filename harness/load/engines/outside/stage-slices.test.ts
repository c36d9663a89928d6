import { describe, expect, it } from "vitest";
import { sliceStage } from "./stage-slices.ts";

const slices = sliceStage(10, { warmupSeconds: 0.5, steadySeconds: 2, coolDownSeconds: 1.25 });

describe("sliceStage", () => {
  it("cuts each phase into seconds, the last one shorter", () => {
    expect([0, 1, 2, 3, 4].map((index) => slices.at(index))).toEqual([
      { phase: "warmup", fromUs: 10, toUs: 500_010 },
      { phase: "steady", fromUs: 500_010, toUs: 1_500_010 },
      { phase: "steady", fromUs: 1_500_010, toUs: 2_500_010 },
      { phase: "cool-down", fromUs: 2_500_010, toUs: 3_500_010 },
      { phase: "cool-down", fromUs: 3_500_010, toUs: 3_750_010 },
    ]);
    expect([slices.steadyUs, slices.endUs]).toEqual([500_010, 3_750_010]);
  });

  it("finds the slice of every moment, also before the start and after the end", () => {
    const moments = [0, 10, 500_009, 500_010, 1_500_009, 1_500_010, 3_500_009, 3_500_010, 3_750_009];
    expect(moments.map((atUs) => slices.indexAt(atUs))).toEqual([0, 0, 0, 1, 1, 2, 3, 4, 4]);
    expect([3_750_010, 4_750_009, 4_750_010].map((atUs) => slices.indexAt(atUs))).toEqual([5, 5, 6]);
    expect(slices.at(6)).toEqual({ phase: "cool-down", fromUs: 4_750_010, toUs: 5_750_010 });
  });
});
