import { expect, test } from "vitest";
import { roomOf } from "./sample-keeper.ts";

test("the room of all intervals together is what may be kept", () => {
  for (const [intervals, kept] of [
    [7, 1000],
    [60, 10_000],
    [100, 30],
  ] as const) {
    const rooms = Array.from({ length: intervals }, (_, interval) => roomOf(interval, intervals, kept));
    expect(rooms.reduce((sum, room) => sum + room, 0)).toBe(kept);
    expect(Math.max(...rooms) - Math.min(...rooms)).toBeLessThanOrEqual(1);
  }
});
