import { expect, test } from "vitest";
import { seededRandom } from "../../support/seeded-random.ts";
import { type IdRange, rangesOf } from "./id-ranges.ts";

/** What PostgreSQL answers when these ids are there. */
function rowsOf(ids: Iterable<number>): { from: string; to: string; bits: string | null }[] {
  const words = new Map<number, bigint>();
  for (const id of ids) {
    const word = Math.floor(id / 64);
    words.set(word, (words.get(word) ?? 0n) | (1n << BigInt(id % 64)));
  }
  const rows: { from: string; to: string; bits: string | null }[] = [];
  for (const [word, unsigned] of [...words].sort(([a], [b]) => a - b)) {
    const signed = BigInt.asIntN(64, unsigned);
    const bits = signed === -1n ? null : String(signed);
    const last = rows.at(-1);
    if (last?.bits === bits && Number(last.to) === 64 * word - 1) last.to = String(64 * word + 63);
    else rows.push({ from: String(64 * word), to: String(64 * word + 63), bits });
  }
  return rows;
}

function allIn(ranges: Iterable<IdRange>): number[] {
  return [...ranges].flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
  );
}

const upTo = (last: number, isThere: (id: number) => boolean = () => true): number[] =>
  Array.from({ length: last }, (_, index) => index + 1).filter(isThere);
const random = seededRandom(1, "ids");

test.each([
  ["none", []],
  ["one", [1]],
  ["the last of a word and the first of the next", [63, 64]],
  ["all up to one", upTo(1000)],
  ["all but one amid them", upTo(1000, (id) => id !== 500)],
  ["every other one", upTo(1000, (id) => id % 2 === 0)],
  ["three of four by chance", upTo(5000, () => random() < 0.75)],
  ["few that lie far apart", [7, 1_000_000_007, 2_000_000_000_008]],
])("the ranges are of the ids that are there: %s", (_, ids) => {
  const ranges = [...rangesOf(rowsOf(ids))];
  expect(allIn(ranges)).toEqual(ids);
  for (const [index, [from]] of ranges.entries())
    expect(from).toBeGreaterThan((ranges[index - 1]?.[1] ?? -1) + 1);
});

test("36 million ids that are all there are few rows, and one range", () => {
  const rows = [
    { from: "0", to: "63", bits: "-2" },
    { from: "64", to: "35999999", bits: null },
    { from: "36000000", to: "36000063", bits: "1" },
  ];
  expect([...rangesOf(rows)]).toEqual([[1, 36_000_000]]);
});
