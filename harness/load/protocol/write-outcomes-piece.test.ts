import { expect, test } from "vitest";
import { noOutcomes, type WriteOutcomes } from "../../model/write-outcomes.ts";
import { addPiece, inPieces, type WriteOutcomesPiece } from "./write-outcomes-piece.ts";

const million = 1_000_000;

test("a million outcomes arrive as they were, in lines that none has to wait for", () => {
  const told = noOutcomes("insert", 1);
  for (let number = 0; number < million; number += 1) {
    told.numbers[number % 100 === 0 ? "failed" : number % 101 === 0 ? "unknown" : "ok"].add(number);
  }
  const pieces = [...inPieces(told)];
  expect(Math.max(...pieces.map((piece) => JSON.stringify(piece).length))).toBeLessThan(140_000);
  const arrived = received(pieces.toReversed());
  expect([arrived.numbers.ok.size, arrived.numbers.failed.size, arrived.numbers.unknown.size]).toEqual([
    million - 10_000 - 9801,
    10_000,
    9801,
  ]);
  expect(arrived.numbers.ok.has(99_999)).toBe(true);
  expect(arrived.numbers.unknown.has(101)).toBe(true);
});

test("the pieces of several senders, each with every other number, make the whole", () => {
  const [first, second] = [noOutcomes("insert", 1), noOutcomes("insert", 1)];
  for (let number = 0; number < 1000; number += 1) (number % 2 === 0 ? first : second).numbers.ok.add(number);
  expect(received([...inPieces(first), ...inPieces(second)]).numbers.ok.size).toBe(1000);
});

test("of no writes there is no piece", () => {
  expect([...inPieces(noOutcomes("insert", 1))]).toEqual([]);
});

function received(pieces: readonly WriteOutcomesPiece[]): WriteOutcomes {
  const outcomes = noOutcomes("insert", 1);
  for (const piece of pieces) addPiece(outcomes, piece);
  return outcomes;
}
