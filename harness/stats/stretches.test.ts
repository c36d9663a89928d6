import { expect, test } from "vitest";
import { clip, lengthOf, subtract, union } from "./stretches.ts";

const stretch = (fromUs: number, toUs: number) => ({ fromUs, toUs });

test("stretches that overlap or touch are one", () => {
  expect(union([stretch(5, 7), stretch(1, 2), stretch(2, 3), stretch(6, 9)])).toEqual([
    stretch(1, 3),
    stretch(5, 9),
  ]);
  expect(union([stretch(1, 9), stretch(2, 3)])).toEqual([stretch(1, 9)]);
});

test("what lies within a stretch is cut off at its ends, and nothing is left of what only touches it", () => {
  expect(clip([stretch(0, 4), stretch(6, Infinity), stretch(1, 2)], stretch(2, 8))).toEqual([
    stretch(2, 4),
    stretch(6, 8),
  ]);
});

test("a stretch with another taken out of its middle is two", () => {
  expect(subtract([stretch(0, 10)], [stretch(3, 4)])).toEqual([stretch(0, 3), stretch(4, 10)]);
  expect(subtract([stretch(0, 10)], [stretch(-5, 3), stretch(8, Infinity)])).toEqual([stretch(3, 8)]);
  expect(subtract([stretch(0, 10)], [stretch(0, 10)])).toEqual([]);
});

test("what lies in several stretches counts once", () => {
  expect(lengthOf([stretch(0, 4), stretch(2, 6), stretch(8, 9)])).toBe(7);
  expect(lengthOf([])).toBe(0);
});
