import { expect, test } from "vitest";
import { LineCutter } from "./line-cutter.ts";

const text = Buffer.from("one\n\ngrün 🐘\nlast");

test("lines are the same wherever the pieces are cut, within characters too", () => {
  for (let first = 0; first <= text.length; first += 1) {
    for (let second = first; second <= text.length; second += 1) {
      const cutter = new LineCutter();
      const pieces = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
      expect(pieces.flatMap((piece) => cutter.take(piece))).toEqual(["one", "", "grün 🐘"]);
      expect(cutter.rest()).toBe("last");
    }
  }
});

test("a line of 20 MB in pieces of 100 bytes is one line, and the next one is a new one", () => {
  const cutter = new LineCutter();
  const piece = Buffer.alloc(100, "x");
  let early = 0;
  for (let count = 0; count < 200_000; count += 1) early += cutter.take(piece).length;
  expect(early).toBe(0);
  expect(cutter.take(Buffer.from("y\nz\n")).map(({ length }) => length)).toEqual([20_000_001, 1]);
  expect(cutter.rest()).toBe("");
});

test("a line without an end is an error and no end of memory", () => {
  const cutter = new LineCutter();
  const piece = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (let count = 0; count < 100; count += 1) cutter.take(piece);
  }).toThrow("one that goes on");
});
