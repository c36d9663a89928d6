import { expect, test } from "vitest";
import { StallWatch } from "./stall-watch.ts";

const SWEEP_US = 10_000;

test("a sender that looks at its clock as often as it sweeps, and a little late, does not stand still", () => {
  const watch = new StallWatch(0, SWEEP_US);
  for (const atUs of [10_000, 21_500, 33_000, 52_900]) expect(watch.see(atUs)).toBe(false);
  expect(watch.totalUs).toBe(0);
});

test("from the last look before a gap to the first look after it the sender stood still", () => {
  const watch = new StallWatch(0, SWEEP_US);
  watch.see(10_000);
  expect(watch.see(5_010_000)).toBe(true);
  expect(watch.totalUs).toBe(5_000_000);
  expect(watch.see(5_011_000)).toBe(false);
});

test("a look at an earlier reading of the clock moves nothing back", () => {
  const watch = new StallWatch(0, SWEEP_US);
  watch.see(15_000);
  watch.see(12_000);
  expect(watch.see(34_000)).toBe(false);
  expect(watch.totalUs).toBe(0);
});

test("a stall is divided among the seconds over which it lasted", () => {
  const watch = new StallWatch(400_000, SWEEP_US);
  watch.see(2_700_000);
  const seconds = [0, 1, 2, 3].map((second) => watch.takeWithin(second * 1e6, (second + 1) * 1e6));
  expect(seconds).toEqual([600_000, 1_000_000, 700_000, 0]);
});

test("what has been told of a second is told once", () => {
  const watch = new StallWatch(0, SWEEP_US);
  watch.see(500_000);
  expect(watch.takeWithin(0, 1_000_000)).toBe(500_000);
  expect(watch.takeWithin(0, 1_000_000)).toBe(0);
});

test("a sender catches up from the end of a stall until it is told to have, or for ten times as long", () => {
  const watch = new StallWatch(0, SWEEP_US);
  expect(watch.catchingUp(0)).toBe(false);
  watch.see(100_000);
  expect(watch.catchingUp(100_000)).toBe(true);
  expect(watch.catchingUp(1_099_000)).toBe(true);
  expect(watch.catchingUp(1_101_000)).toBe(false);
  watch.see(1_101_000);
  watch.see(1_401_000);
  watch.caughtUp();
  expect(watch.catchingUp(1_402_000)).toBe(false);
});
