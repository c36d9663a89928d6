import { expect, test } from "vitest";
import { planMoves } from "./plan-moves.ts";

const dealt = (units: number, groups: readonly string[]): Map<string, string> =>
  new Map(Array.from({ length: units }, (_, unit) => [`${unit}`, groups[unit % groups.length]!]));

function after(held: ReadonlyMap<string, string>, groups: readonly string[]): Record<string, number> {
  const moved = new Map(held);
  for (const { unit, from, to } of planMoves(held, groups)) {
    expect(moved.get(unit)).toBe(from);
    moved.set(unit, to);
  }
  const counts: Record<string, number> = {};
  for (const group of moved.values()) counts[group] = (counts[group] ?? 0) + 1;
  return counts;
}

test("a group that is added gets its share, and no other moves happen", () => {
  const held = dealt(8, ["a", "b"]);
  expect(after(held, ["a", "b", "c"])).toEqual({ a: 3, b: 3, c: 2 });
  expect(planMoves(held, ["a", "b", "c"])).toHaveLength(2);
});

test("several groups that are added at once are all filled", () => {
  expect(after(dealt(8, ["a", "b"]), ["a", "b", "c", "d"])).toEqual({ a: 2, b: 2, c: 2, d: 2 });
  expect(planMoves(dealt(8, ["a", "b"]), ["a", "b", "c", "d"])).toHaveLength(4);
});

test("a group that goes gives its shards to those that have the fewest", () => {
  expect(after(dealt(9, ["a", "b", "c"]), ["a", "b"])).toEqual({ a: 5, b: 4 });
});

test("nothing moves where all is even", () => {
  expect(planMoves(dealt(7, ["a", "b"]), ["a", "b"])).toEqual([]);
});
