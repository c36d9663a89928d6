import type { CopyAnswer } from "../model/copy-answers.ts";
import type { WrongAnswer } from "../model/measurement.ts";
import { isAsNear } from "../stats/compare-answer.ts";

/** What an answer is held to: what the primary gave before anything was done to the cluster. */
export interface Expected {
  readonly given: CopyAnswer;
  /** Asked twice in a row, the primary gave the same rows to every search: the same pages are the same answer. */
  readonly isSteady: boolean;
}

export interface ComparedCopyAnswer extends WrongAnswer {
  readonly outcome: "right" | "fewer" | "other";
}

/**
 * Nothing was written to the table meanwhile, and a standby, a promoted standby and a server after its crash recovery hold
 * the same pages as the primary that built the index. A search through an HNSW index draws nothing at random: on the same
 * pages it takes the same way to the same rows. So an answer must have the very rows that the primary gave; another one,
 * however near, tells that the copy is not the index that was built. Rows as far as the last one are as good as each other.
 *
 * Where the primary itself gave different rows to any search when it was asked twice, that argument does not hold, and all
 * that is certainly wrong is an answer of fewer rows.
 */
export function compareCopyAnswer(answer: CopyAnswer, { given, isSteady }: Expected): ComparedCopyAnswer {
  const named = (outcome: ComparedCopyAnswer["outcome"]): ComparedCopyAnswer => ({
    part: answer.part,
    query: answer.query,
    outcome,
    ...(outcome === "right" ? { missing: [], extra: [] } : differenceOf(answer, given)),
  });
  if (answer.ids.length < given.ids.length) return named("fewer");
  return named(isSteady && haveOtherRows(answer, given) ? "other" : "right");
}

/** But for rows that are as far as the last one. */
export function haveOtherRows(answer: CopyAnswer, given: CopyAnswer): boolean {
  return differs(differenceOf(answer, given));
}

/** Rows of an answer that are as near as those of the exact one, each once. */
export function exactRows({ ids, distances }: CopyAnswer, exact: CopyAnswer): number {
  const farthest = exact.distances.at(-1) ?? -Infinity;
  const near = new Set(ids.filter((_, at) => isAsNear(distances[at] ?? Infinity, farthest)));
  return Math.min(near.size, exact.ids.length);
}

type Difference = Pick<WrongAnswer, "missing" | "extra">;

function differs({ missing, extra }: Difference): boolean {
  return missing.length > 0 || extra.length > 0;
}

/** Rows of one answer and not of the other, by id and distance: a row whose vector changed is another row. */
function differenceOf(answer: CopyAnswer, wanted: CopyAnswer): Difference {
  const missing = rowsBut(wanted, answer);
  const extra = rowsBut(answer, wanted);
  const last = wanted.distances.at(-1);
  const areTied =
    missing.length === extra.length && [...missing, ...extra].every(({ distance }) => distance === last);
  return areTied
    ? { missing: [], extra: [] }
    : { missing: missing.map(({ id }) => id), extra: extra.map(({ id }) => id) };
}

interface Row {
  readonly id: number;
  readonly distance: number | undefined;
}

/** The rows of `all` without those of `others`; one that is there twice is taken away once for each time. */
function rowsBut(all: CopyAnswer, others: CopyAnswer): Row[] {
  const taken = new Map<string, number>();
  for (const row of rowsOf(others)) taken.set(keyOf(row), (taken.get(keyOf(row)) ?? 0) + 1);
  return rowsOf(all).filter((row) => {
    const left = taken.get(keyOf(row)) ?? 0;
    taken.set(keyOf(row), left - 1);
    return left <= 0;
  });
}

function rowsOf({ ids, distances }: CopyAnswer): Row[] {
  return ids.map((id, at) => ({ id, distance: distances[at] }));
}

function keyOf({ id, distance }: Row): string {
  return `${id} ${String(distance)}`;
}
