import { describe, expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { mannWhitney, shareAtMost, smallestOneSided } from "./mann-whitney.ts";

describe("the Mann-Whitney test", () => {
  test("gives the published p of a textbook's data", () => {
    // Hollander and Wolfe (1973), p. 69: permeability of human membranes; one-sided .1272.
    const { greater, twoSided, direction } = mannWhitney(
      [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
      [1.15, 0.88, 0.9, 0.74, 1.21],
    );
    expect(greater).toBeCloseTo(0.1272061272, 9);
    expect(twoSided).toBeCloseTo(0.2544122544, 9);
    expect(direction).toBe(1);
  });

  test.each([
    [3, 0.1],
    [4, 0.0285714286],
    [5, 0.0079365079],
  ])("of %i values that all lie below as many others, p is %f", (count, p) => {
    const own = Array.from({ length: count }, (_, index) => index);
    const { twoSided, direction } = mannWhitney(
      own,
      own.map((value) => value + 100),
    );
    expect(twoSided).toBeCloseTo(p, 9);
    expect(direction).toBe(-1);
    expect(smallestOneSided(count, count)).toBeCloseTo(p / 2, 9);
  });

  test("counts ties out: scipy's permutation test over all ways gives the same", () => {
    expect(mannWhitney([1, 1, 2, 2], [2, 3, 3, 4]).less).toBeCloseTo(0.0428571429, 9);
    const { less } = mannWhitney([3, 5, 7, 9, 11, 13, 15, 17], [4, 6, 6, 8, 18, 20, 22, 30, 31]);
    expect(less).toBeCloseTo(0.1324969149, 9);
  });

  test("of many values is the normal approximation: scipy's asymptotic method gives the same", () => {
    const own = Array.from({ length: 20 }, (_, index) => index);
    const first = own.map((value) => value * 1.1 + 2.05);
    expect(mannWhitney(own, first).twoSided).toBeCloseTo(0.1478465827, 6);
  });

  test("corrects the normal approximation for ties and for continuity", () => {
    // By the formulas, with the error function of another language.
    const twice = (values: number[]): number[] => [...values, ...values];
    const own = twice([1, 2, 2, 3, 3, 3, 4, 4, 4, 4]);
    const first = twice([1, 1, 2, 2, 2, 3, 3, 3, 4, 4]);
    expect(mannWhitney(own, first).greater).toBeCloseTo(0.06646956, 6);
    expect(mannWhitney(own, first).less).toBeCloseTo(0.937078, 6);
    expect(mannWhitney(own, own).greater).toBeCloseTo(0.50568561, 6);
    const ones = Array.from({ length: 20 }, () => 1);
    expect(mannWhitney([...ones, 2], ones).greater).toBeCloseTo(0.17693599, 6);
  });

  test("is the same from either side", () => {
    const own = [3, 5, 7, 9, 11, 13, 15, 17];
    const first = [4, 6, 6, 8, 18, 20, 22, 30, 31];
    const [there, back] = [mannWhitney(own, first), mannWhitney(first, own)];
    expect(there.twoSided).toBeCloseTo(back.twoSided, 12);
    expect(there.less).toBeCloseTo(back.greater, 12);
    expect(there.direction).toBe(-1);
    expect(back.direction).toBe(1);
  });

  test("finds nothing where all values are equal, few or many", () => {
    expect(mannWhitney([1, 1, 1], [1, 1, 1])).toMatchObject({ twoSided: 1, direction: 0 });
    const many = Array.from({ length: 20 }, () => 1);
    expect(mannWhitney(many, many)).toMatchObject({ twoSided: 1, direction: 0 });
  });

  test("ranks what never ended above all else", () => {
    expect(mannWhitney([Infinity, Infinity, 5, 6], [1, 2, 3, 4]).greater).toBeCloseTo(1 / 70, 9);
  });

  test.each([8, 20])("of %i values cries wolf no more often than its level says", (count) => {
    const random = seededRandom(3, "ranks");
    const draw = () => Array.from({ length: count }, () => -Math.log(1 - random()));
    const alarms = Array.from({ length: 2000 }, () => mannWhitney(draw(), draw())).filter(
      ({ twoSided }) => twoSided < 0.05,
    ).length;
    expect(alarms / 2000).toBeGreaterThan(0.03);
    expect(alarms / 2000).toBeLessThan(0.065);
  });
});

test("U of 10 against 5 is at most 8 in 2.0 % of all orders, and at most 9 in 2.8 %", () => {
  // Counted out over all 3,003 of them.
  expect(shareAtMost(8, 10, 5)).toBeCloseTo(0.01998002, 8);
  expect(shareAtMost(9, 10, 5)).toBeCloseTo(0.02763903, 8);
});

test("U of more than 30 values is taken from the normal approximation, with correction for continuity", () => {
  expect(shareAtMost(100, 20, 15)).toBeCloseTo(0.04947147, 6);
  expect(shareAtMost(150, 20, 15)).toBeCloseTo(0.50664873, 6);
  expect(shareAtMost(200, 20, 15)).toBeCloseTo(0.95384471, 6);
});

test("U of 20 against 20 is at most 127 in 2.5 % of all orders", () => {
  // The table of critical values: 127 for 20 and 20 at 5 %, two-sided.
  expect(shareAtMost(127, 20, 20)).toBeLessThan(0.025);
  expect(shareAtMost(128, 20, 20)).toBeGreaterThan(0.025);
});
