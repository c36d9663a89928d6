import { expect, test } from "vitest";
import { BitSet } from "./bit-set.ts";

test("holds the numbers that were added, however far apart, and no others", () => {
  const set = new BitSet();
  const numbers = [0, 7, 8, 9000, 1_000_003];
  for (const number of numbers) set.add(number);
  expect(numbers.every((number) => set.has(number))).toBe(true);
  expect([1, 6, 9, 9001, 1_000_002, 2_000_000].filter((number) => set.has(number))).toEqual([]);
  expect(set.size).toBe(5);
  expect(set.end).toBe(1_000_008);
});

test("a number that is added twice is there once", () => {
  const set = new BitSet();
  set.add(3);
  set.add(3);
  expect(set.size).toBe(1);
});

test("travels in pieces, and pieces of several sets make their union", () => {
  const [odd, even, whole] = [new BitSet(), new BitSet(), new BitSet()];
  for (let number = 0; number < 5000; number += 1) (number % 2 === 0 ? even : odd).add(number);
  for (const set of [odd, even]) {
    for (let from = 0; from < set.end; from += 1024) whole.addBytes(from, set.bytes(from, from + 1024));
  }
  expect(whole.size).toBe(5000);
  expect(whole.has(5000)).toBe(false);
});

test("a piece ends with its last number: an empty one has no bytes", () => {
  const set = new BitSet();
  set.add(2050);
  expect(set.bytes(0, 1024)).toHaveLength(0);
  expect(set.bytes(2048, 4096)).toEqual(Uint8Array.of(4));
  expect(set.bytes(8192, 9216)).toHaveLength(0);
  expect(new BitSet()).toMatchObject({ size: 0, end: 0 });
});
