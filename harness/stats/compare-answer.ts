import type { ExactAnswer, SearchAnswer } from "../model/search.ts";

/** Some searches end a little farther than the exact ones do, by the order in which numbers were added up. */
const TOLERANCE = 1e-6;

/** Whether a row is no farther than another. Distances may be negative: an inner product is given as one. */
export function isAsNear(distance: number, other: number): boolean {
  return distance <= other + TOLERANCE * Math.abs(other);
}

/**
 * An answer of which c rows come and go, and are in no truth, is right when its others are the nearest of those that last,
 * as many as there is room for beside the c: whether the search saw the others or not. null: it leaves room for none.
 */
export function compareAnswer(
  { ids, distances }: Pick<SearchAnswer, "ids" | "distances">,
  truth: Pick<ExactAnswer, "rows" | "lastLastingId" | "distances">,
): { readonly recall: number; readonly isShort: boolean } | null {
  const passing = ids.filter((id) => id > truth.lastLastingId).length;
  const room = Math.min(truth.distances.length, truth.rows - passing);
  const farthest = truth.distances[room - 1];
  if (farthest === undefined) return null;
  const right = new Set(
    ids.filter((id, at) => id <= truth.lastLastingId && isAsNear(distances[at] ?? Infinity, farthest)),
  );
  return {
    // Of rows at the same distance there may be more than have room.
    recall: Math.min(right.size, room) / room,
    isShort: ids.length < Math.min(truth.rows, truth.distances.length),
  };
}
