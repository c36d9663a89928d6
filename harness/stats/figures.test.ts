import { expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import {
  figureWithin,
  type KnownFigure,
  median,
  medianFigure,
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
