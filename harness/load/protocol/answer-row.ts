import type { Micros } from "../../model/clock.ts";
import type { SearchAnswer } from "../../model/search.ts";

/** An answer that was kept, as it travels and is written down. */
export type AnswerRow = readonly [
  query: number,
  intendedUs: number,
  ids: readonly number[],
  distances: readonly number[],
];

/** `offsetUs`: of the clock that told it. */
export function answerOf([query, intendedUs, ids, distances]: AnswerRow, offsetUs: Micros): SearchAnswer {
  return { query, intendedUs: intendedUs - offsetUs, ids, distances };
}
