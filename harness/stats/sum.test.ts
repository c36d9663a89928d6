import { expect, test } from "vitest";
import { sum, sumOfThousandths } from "./sum.ts";

test("numbers are added up, and of none the sum is 0", () => {
  expect([sum([]), sum([1, 2, 3.5])]).toEqual([0, 6.5]);
});

test("thousandths add up to thousandths", () => {
  expect(sum([0.1, 0.2])).not.toBe(0.3);
  expect(sumOfThousandths([0.1, 0.2])).toBe(0.3);
});
