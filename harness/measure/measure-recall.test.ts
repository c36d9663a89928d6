import { describe, expect, test } from "vitest";
import type { SearchAnswer } from "../model/search.ts";
import { compareAnswer } from "../stats/compare-answer.ts";
import { measureRecall, recallFigures } from "./measure-recall.ts";

/** The exact answer to every query: ids 1 to 4 at distances 1 to 4, the last two as far as each other. */
const truth = { rows: 4, lastLastingId: 100, distances: [1, 2, 3, 3] };

describe("one answer", () => {
  const compared = (ids: readonly number[], distances: readonly number[], exact = truth) =>
    compareAnswer({ ids, distances }, exact);
  const right = { isShort: false, nearerId: null };

  test("is right where it has the exact rows", () => {
    expect(compared([1, 2, 3, 4], [1, 2, 3, 3])).toEqual({ ...right, recall: 1 });
  });

  test("is as right with another row that is as far as the last one, and no more with both", () => {
    expect(compared([1, 2, 9, 8], [1, 2, 3 + 1e-7, 3])).toEqual({ ...right, recall: 1 });
  });

  test("is wrong by each row that is farther than the last exact one", () => {
    expect(compared([1, 2, 3, 9], [1, 2, 3, 3.01])).toEqual({ ...right, recall: 0.75 });
  });

  test("is short and wrong by each row that it lacks", () => {
    expect(compared([1, 3], [1, 3])).toEqual({ ...right, recall: 0.5, isShort: true });
    expect(compared([], [])).toEqual({ ...right, recall: 0, isShort: true });
  });

  test("of inner products, which are negative, is right up to the last exact one too", () => {
    const products = { ...truth, distances: [-4, -3, -2, -2] };
    expect(compared([1, 2, 3, 4], [-4, -3, -2, -2], products).recall).toBe(1);
    expect(compared([1, 2, 3, 9], [-4, -3, -2, -1.99], products).recall).toBe(0.75);
  });

  test("is not right twice by a row that it gives twice", () => {
    expect(compared([1, 1, 2, 3], [1, 1, 2, 3]).recall).toBe(0.75);
  });

  test("need not have more rows than there are", () => {
    expect(compared([1, 2], [1, 2], { ...truth, distances: [1, 2] })).toEqual({ ...right, recall: 1 });
  });

  test("with rows that come and go must have the nearest lasting ones beside them", () => {
    expect(compared([101, 1, 102, 2], [0.5, 1, 1.5, 2]).recall).toBe(1);
    expect(compared([101, 1, 102, 3], [0.5, 1, 1.5, 3]).recall).toBe(0.5);
  });

  test("of nothing but nearer rows that come and go need have no lasting one", () => {
    expect(compared([101, 102, 103, 104], [1, 1, 1, 1])).toEqual({ ...right, recall: null });
    expect(compared([101], [0.5]).isShort).toBe(true);
  });

  test("is wrong by each lasting row that it lacks where the rows that come and go are farther", () => {
    expect(compared([101, 102, 103, 104], [50, 50, 50, 50]).recall).toBe(0);
    expect(compared([101, 102, 103, 1], [50, 50, 50, 1]).recall).toBe(0.25);
    expect(compared([1, 2, 101, 102], [1, 2, 2.5, 50]).recall).toBe(2 / 3);
  });

  test("that beats the exact one shows that it is not exact", () => {
    expect(compared([7, 1, 2, 3], [0.5, 1, 2, 3]).nearerId).toBe(7);
    // Not by a rounding, not by a row that comes and goes, and not by having fewer rows.
    expect(compared([1, 2, 3, 4], [1 - 1e-6, 2, 3, 3]).nearerId).toBeNull();
    expect(compared([101, 1, 2, 3], [0.5, 1, 2, 3]).nearerId).toBeNull();
    expect(compared([2, 3], [2, 3]).nearerId).toBeNull();
  });
});

describe("a stage", () => {
  const stage = { variant: "", name: "calm", stage: 1 } as never;
  const engine = { version: "native", timer: "", timerResolutionNs: 0, ownCostUs: null };
  const exact = [1, 2].map((query) => ({ variant: "", operation: "search", query, ...truth }));
  const right: SearchAnswer = { query: 1, intendedUs: 5, ids: [1, 2, 3, 4], distances: [1, 2, 3, 3] };
  const wrong: SearchAnswer = { query: 2, intendedUs: 6, ids: [1, 2], distances: [1, 2] };
  const whole = [[0, 100]] as const;
  const answered = (answers: readonly SearchAnswer[]) => ({
    stage,
    engine,
    answers: new Map([["search", answers]]),
  });

  test("has mean, minimum and the share of short answers of those that were due within it", () => {
    const late = { ...wrong, intendedUs: 100 };
    const answers = [...Array<SearchAnswer>(18).fill(right), wrong, wrong, late];
    expect(measureRecall(answered(answers), exact, whole)).toEqual({
      operation: "search",
      answers: 20,
      queries: 2,
      mean: { kind: "value", value: 0.95 },
      p5: { kind: "withheld", reason: "it needs 100 answers that were kept, there are 20" },
      minimum: { kind: "value", value: 0.5 },
      shortResults: { kind: "value", value: 0.1 },
    });
  });

  test("of a hundred answers the fifth worst is the 5th percentile", () => {
    const answers = [...Array<SearchAnswer>(96).fill(right), ...Array<SearchAnswer>(4).fill(wrong)];
    expect(measureRecall(answered(answers), exact, whole)!.p5).toEqual({ kind: "value", value: 1 });
    expect(measureRecall(answered([...answers.slice(1), wrong]), exact, whole)!.p5).toEqual({
      kind: "value",
      value: 0.5,
    });
  });

  test("without exact answers, or with an engine that keeps none, says nothing and why", () => {
    const reasonOf = (recall: ReturnType<typeof measureRecall>) =>
      recallFigures("calm", recall).map(({ figure }) => (figure.kind === "withheld" ? figure.reason : ""));
    expect(reasonOf(measureRecall(answered([right]), [], whole))).toEqual(
      Array(4).fill("there are no exact answers to compare with"),
    );
    expect(
      reasonOf(measureRecall({ stage, engine: { ...engine, version: "pgbench 17" } }, exact, whole)),
    ).toEqual(Array(4).fill("no answers were kept (by pgbench 17)"));
  });

  test("says nothing where an answer beats the exact one", () => {
    const beating = { ...right, ids: [9, 1, 2, 3], distances: [0.2, 1, 2, 3] };
    const { mean, shortResults } = measureRecall(
      answered([...Array<SearchAnswer>(30).fill(right), beating]),
      exact,
      whole,
    )!;
    expect(mean).toEqual(shortResults);
    expect(mean).toMatchObject({
      kind: "withheld",
      reason: expect.stringMatching(/row 9 is nearer to query 1/) as string,
    });
  });

  test("that searches for nothing has no recall", () => {
    expect(measureRecall({ stage, engine }, [], whole)).toBeNull();
    expect(recallFigures("calm", null)).toEqual([]);
  });
});
