import { expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import {
  figureWithin,
  type KnownFigure,
  median,
  medianFigure,
  quotientOfFigures,
  rankedFigure,
  sumOfFigures,
} from "./figures.ts";

test("bounds that meet are a value, and one without an upper end is at least its lower", () => {
  expect(figureWithin(2, 2)).toEqual(value(2));
  expect(figureWithin(2, Infinity)).toEqual(atLeast(2));
  expect(figureWithin(2, 5)).toEqual(between(2, 5));
});

test("a sum lies between the sums of the bounds", () => {
  expect(sumOfFigures([value(1), between(2, 5)])).toEqual(between(3, 6));
  expect(sumOfFigures([value(1), atLeast(2), between(2, 5)])).toEqual(atLeast(5));
  expect(sumOfFigures([])).toEqual(value(0));
});

test("a quotient lies between the least over the most and the most over the least", () => {
  expect(quotientOfFigures(value(6), value(4))).toEqual(value(1.5));
  expect(quotientOfFigures(between(6, 8), between(2, 4))).toEqual(between(1.5, 4));
  expect(quotientOfFigures(atLeast(6), between(2, 4))).toEqual(atLeast(1.5));
  expect(quotientOfFigures(between(6, 8), atLeast(4))).toEqual(between(0, 2));
});

test("a quotient of which nothing is known is none, and so is one over zero", () => {
  expect(quotientOfFigures(atLeast(6), atLeast(4))).toBeNull();
  expect(quotientOfFigures(value(6), value(0))).toBeNull();
  expect(quotientOfFigures(value(0), value(0))).toBeNull();
});

test("the median of an even number is the mean of the middle two", () => {
  expect(median([1, 2, 4, 9])).toBe(3);
  expect(medianFigure([value(30), value(1)])).toEqual(value(15.5));
});

test("the median of 1, at least 2, and 9 lies between 2 and 9", () => {
  expect(medianFigure([atLeast(2), value(1), value(9)])).toEqual(between(2, 9));
});

test("a bounded figure above the rank leaves it exact, and one below moves it", () => {
  expect(rankedFigure([value(1), value(2), between(3, 30)], 2)).toEqual(value(2));
  expect(rankedFigure([between(0, 30), value(2), value(3)], 2)).toEqual(between(2, 3));
});

test("two lower bounds in the middle have a median that is a lower bound", () => {
  expect(medianFigure([atLeast(2), atLeast(4)])).toEqual(atLeast(3));
});

function value(of: number): KnownFigure {
  return { kind: "value", value: of };
}

function atLeast(of: number): KnownFigure {
  return { kind: "at-least", value: of };
}

function between(low: number, high: number): Extract<Figure, { readonly kind: "between" }> {
  return { kind: "between", low, high };
}
