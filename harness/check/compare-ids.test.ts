import { expect, test } from "vitest";
import { BitSet } from "../model/bit-set.ts";
import { noOutcomes } from "../model/write-outcomes.ts";
import { compareIds, type ToldAndFound } from "./compare-ids.ts";

test("10 acknowledged rows that are lost do not hide behind 10 unknown writes that took effect", () => {
  const lost = numbers(20, 29);
  const stage = stageOf({
    ok: numbers(0, 99),
    unknown: numbers(100, 109),
    found: [...numbers(0, 19), ...numbers(30, 99), ...numbers(100, 109)],
  });
  expect(stage.found.size).toBe(100);
  expect(compareIds([stage])).toEqual({
    acknowledged: 100,
    missing: 10,
    missingIds: lost.map((number) => 1_000_000_000 + number),
    failed: 0,
    failedButThere: 0,
    unknown: 10,
    unknownButThere: 10,
    neverSent: 0,
  });
});

test("unknown writes may be there or not", () => {
  const { missing, unknownButThere, neverSent } = compareIds([
    stageOf({ ok: [1], unknown: [2, 3], found: [1, 3] }),
  ]);
  expect({ missing, unknownButThere, neverSent }).toEqual({ missing: 0, unknownButThere: 1, neverSent: 0 });
});

test("a row that failed and is there, and one that was never sent, are told apart", () => {
  const compared = compareIds([stageOf({ ok: [1], failed: [2, 3], found: [1, 2, 4] })]);
  expect(compared).toMatchObject({ missing: 0, failed: 2, failedButThere: 1, neverSent: 1 });
});

test("stages add up, each with ids of its own, and the first hundred losses are named", () => {
  const second = stageOf({ ok: numbers(0, 199), found: [] }, 2_000_000_000);
  const compared = compareIds([stageOf({ ok: [5], found: [] }), second]);
  expect(compared).toMatchObject({ acknowledged: 201, missing: 201 });
  expect(compared.missingIds).toHaveLength(100);
  expect(compared.missingIds.slice(0, 2)).toEqual([1_000_000_005, 2_000_000_000]);
});

test("a stage without writes has nothing to lose", () => {
  expect(compareIds([stageOf({})])).toMatchObject({ acknowledged: 0, missing: 0, neverSent: 0 });
});

function stageOf(
  sets: Partial<Record<"ok" | "failed" | "unknown" | "found", readonly number[]>>,
  firstId = 1_000_000_000,
): ToldAndFound {
  const told = noOutcomes("insert", firstId);
  for (const outcome of ["ok", "failed", "unknown"] as const) {
    for (const number of sets[outcome] ?? []) told.numbers[outcome].add(number);
  }
  const found = new BitSet();
  for (const number of sets.found ?? []) found.add(number);
  return { told, found };
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
