import { expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { CountedTimes } from "./counted-times.ts";

test("each rank has the time that it has in a sorted list: short, long, halves, negative and many times the same", () => {
  const random = seededRandom(1, "times");
  const times = Array.from({ length: 5000 }, (_, index) => {
    const us = Math.floor(1000 * random() ** 8 * (index % 50 === 0 ? 3000 : 1));
    return index % 70 === 0 ? us + 0.5 : index % 110 === 0 ? -us : us;
  });
  times.push(65_535, 65_536, 65_535, 255, 256);
  const counted = CountedTimes.from(times);
  const sorted = times.toSorted((a, b) => a - b);
  expect(counted.count).toBe(sorted.length);
  // -0 is 0 as a time.
  expect(sorted.map((_, index) => (counted.at(index + 1) ?? NaN) + 0)).toEqual(sorted.map((us) => us + 0));
  expect([counted.at(0), counted.at(sorted.length + 1)]).toEqual([undefined, undefined]);
});

test("what is added later is ranked too", () => {
  const counted = new CountedTimes();
  expect(counted.at(1)).toBeUndefined();
  counted.add(7);
  expect(counted.at(1)).toBe(7);
  counted.add(3);
  expect([counted.at(1), counted.at(2)]).toEqual([3, 7]);
});
