import { expect, it } from "vitest";
import { UsageBook } from "./usage-book.ts";

const SECOND = 1_000_000;

it("what was used in a stretch of time is read from the readings nearest to its ends", () => {
  const book = new UsageBook(0);
  book.add({ atUs: 0, cpuSeconds: 1, memoryMb: 8 });
  book.add({ atUs: 1.25 * SECOND, cpuSeconds: 1.625, memoryMb: 9 });
  book.add({ atUs: 2 * SECOND, cpuSeconds: 2.375, memoryMb: 0 });
  expect(book.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0.5, memoryMb: 9 });
  expect(book.within({ fromUs: SECOND, toUs: 2 * SECOND })).toEqual({ cpuCores: 1, memoryMb: 9 });
});

it("nothing is known without two readings", () => {
  const book = new UsageBook(0);
  expect(book.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0, memoryMb: 0 });
  book.add({ atUs: 0, cpuSeconds: 1, memoryMb: 8 });
  expect(book.within({ fromUs: 0, toUs: SECOND })).toEqual({ cpuCores: 0, memoryMb: 8 });
});
