import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { wasServed } from "./was-served.ts";

const sample: Sample = {
  id: 1,
  intendedUs: 0,
  startUs: 400_000,
  endUs: 1_000_000,
  outcome: "ok",
  code: null,
};

test("an answer at the very time-out after the intended start is in time, and the next microsecond is not", () => {
  expect(wasServed(sample, 1000)).toBe(true);
  expect(wasServed({ ...sample, endUs: 1_000_001 }, 1000)).toBe(false);
});

test("what did not end ok was not served, however quickly it was refused", () => {
  expect(wasServed({ ...sample, endUs: 400_100, outcome: "failed", code: "57P01" }, 1000)).toBe(false);
});
