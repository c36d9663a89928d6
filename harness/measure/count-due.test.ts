import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { countDue } from "./count-due.ts";

const samples = [10, 20, 30, 40].map((intendedUs, index): Sample => ({
  id: index + 1,
  intendedUs,
  startUs: intendedUs,
  endUs: intendedUs + 1,
  outcome: "ok",
  code: null,
}));

test("the beginning is included and the end is not", () => {
  expect(countDue(samples, 20, 40)).toBe(2);
  expect(countDue(samples, 20, 21)).toBe(1);
  expect(countDue(samples, 19, 20)).toBe(0);
  expect(countDue(samples, 0, 100)).toBe(4);
  expect(countDue(samples, 41, 100)).toBe(0);
  expect(countDue([], 0, 100)).toBe(0);
});
