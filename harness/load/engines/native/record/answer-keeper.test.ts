import { expect, test } from "vitest";
import type { WorkloadOperation } from "../../../../model/workload.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { findWorkload } from "../../../../workloads/catalogue.ts";
import { newInFlight } from "../sessions/in-flight.ts";
import { AnswerKeeper } from "./answer-keeper.ts";

const [search] = findWorkload("vector-knn")!.operations as [WorkloadOperation];
const random = seededRandom(1, "answers");

function inFlight(query: number, rows: readonly (readonly (string | null)[])[] | null) {
  const one = newInFlight(null as never);
  one.drawn[0] = query;
  return Object.assign(one, { rows, intendedUs: 1234.5 });
}

test("an answer is kept as its query's number, its moment, ids and distances", () => {
  const keeper = AnswerKeeper.of(search, random, 1)!;
  keeper.offer(
    inFlight(17, [
      ["5", "0.25"],
      ["9", "1.5"],
    ]),
  );
  expect(keeper.take()).toEqual([[17, 1235, [5, 9], [0.25, 1.5]]]);
  expect(keeper.take()).toEqual([]);
});

test("an answer whose rows were not read is no empty one", () => {
  const keeper = AnswerKeeper.of(search, random, 1)!;
  keeper.offer(inFlight(17, null));
  expect(keeper.take()).toEqual([]);
  keeper.offer(inFlight(17, []));
  expect(keeper.take()).toEqual([[17, 1235, [], []]]);
});

test("of a second at any rate no more than 200 are kept, by all agents together", () => {
  const keeper = AnswerKeeper.of(search, random, 2)!;
  for (let query = 1; query <= 5000; query += 1) if (keeper.wants()) keeper.offer(inFlight(query, []));
  expect(keeper.take()).toHaveLength(100);
});

test("those of a whole second are equally likely to be kept, and few more are read", () => {
  const all = AnswerKeeper.of({ ...search, search: { ...search.search!, keepsOneIn: 1 } }, random, 1)!;
  let [read, early] = [0, 0];
  for (let second = 0; second < 50; second += 1) {
    for (let query = 1; query <= 2000; query += 1) {
      if (!all.wants()) continue;
      read += 1;
      all.offer(inFlight(query, []));
    }
    early += all.take().filter(([query]) => query <= 1000).length;
  }
  // 200 and 200 ln(2000 / 200) of a second.
  expect(read / 50).toBeCloseTo(660, -2);
  expect(early / 50).toBeGreaterThan(95);
  expect(early / 50).toBeLessThan(105);
});

test("one in so many is wanted, the first one included", () => {
  const keeper = AnswerKeeper.of({ ...search, search: { ...search.search!, keepsOneIn: 3 } }, random, 1)!;
  expect(Array.from({ length: 6 }, () => keeper.wants())).toEqual([true, false, false, true, false, false]);
});

test("what is no search, and a search whose answers are not wanted, has no keeper", () => {
  const { search: spec, ...other } = search;
  expect(AnswerKeeper.of(other, random, 1)).toBeUndefined();
  expect(AnswerKeeper.of({ ...other, search: { ...spec!, keepsOneIn: 0 } }, random, 1)).toBeUndefined();
});
