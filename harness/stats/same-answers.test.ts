import { expect, test } from "vitest";
import type { RecordedStage } from "../model/stage.ts";
import { findSameAnswers } from "./same-answers.ts";

/** A stage with this setting that was asked 20 queries; of query `other` it gives other rows. */
function stage(efSearch: number, other: number | null = null): RecordedStage {
  const answers = Array.from({ length: 20 }, (_, query) => ({
    query,
    intendedUs: 0,
    // Of rows at the same distance either is as good.
    ids: [efSearch, 2],
    distances: query === other ? [1, 3] : [1, 2],
  }));
  return {
    stage: { variant: "", name: `ef ${efSearch}`, parameters: { efSearch } },
    answers: new Map([["search", answers]]),
  } as unknown as RecordedStage;
}

test("two settings that give the same rows to every query are told", () => {
  expect(findSameAnswers([stage(10), stage(40)])).toEqual([{ stages: ["ef 10", "ef 40"], queries: 20 }]);
});

test("one query with other rows is a difference", () => {
  expect(findSameAnswers([stage(10), stage(40, 3)])).toEqual([]);
});

test("the same setting twice is expected to give the same", () => {
  expect(findSameAnswers([stage(10), stage(10)])).toEqual([]);
});
