import { expect, test } from "vitest";
import { adjustedAmong } from "./false-discoveries.ts";

test("p among others is that of Benjamini and Hochberg, as scipy has it", () => {
  const adjusted = adjustedAmong([0.01, 0.04, 0.03, 0.005, 0.5]);
  expect(adjusted).toEqual([0.025, 0.05, 0.05, 0.025, 0.5].map((p) => expect.closeTo(p, 12) as number));
});

test("the largest p, and one alone, stay what they are", () => {
  expect(adjustedAmong([0.05, 0.05, 0.05])).toEqual([0.05, 0.05, 0.05]);
  expect(adjustedAmong([0.02])).toEqual([0.02]);
  expect(adjustedAmong([])).toEqual([]);
});
