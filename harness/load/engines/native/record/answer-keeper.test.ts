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

const every = { ...search, search: { ...search.search!, keepsOneIn: 1 } };

test("of a second at any rate about 200 are kept, by all agents together, and twice as many at most", () => {
  const keeper = AnswerKeeper.of(every, random, 2)!;
  const kept = Array.from({ length: 20 }, () => {
    for (let query = 1; query <= 5000; query += 1) if (keeper.wants()) keeper.offer(inFlight(query, []));
    return keeper.take().length;
  });
  expect(kept[0]).toBe(200);
  const mean = kept.slice(1).reduce((sum, each) => sum + each, 0) / 19;
  expect(mean).toBeGreaterThan(90);
  expect(mean).toBeLessThan(110);
});

test("a slow answer, which comes in a later second, is kept as often as a quick one, and no rows are read in vain", () => {
  const keeper = AnswerKeeper.of(every, random, 1)!;
  let [read, kept, slow] = [0, 0, 0];
  let later: number[] = [];
  for (let second = 0; second < 100; second += 1) {
    const answered = later;
    later = [];
    for (let query = 1; query <= 2000; query += 1) {
      if (!keeper.wants()) continue;
      read += 1;
      if (query % 10 === 0) later.push(query);
      else keeper.offer(inFlight(query, []));
    }
    for (const query of answered) keeper.offer(inFlight(query, []));
    const answers = keeper.take();
    kept += answers.length;
    slow += answers.filter(([query]) => query % 10 === 0).length;
  }
  expect(kept).toBe(read - later.length);
  expect(slow / kept).toBeGreaterThan(0.08);
  expect(slow / kept).toBeLessThan(0.12);
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
