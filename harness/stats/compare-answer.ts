import type { ExactAnswer, SearchAnswer } from "../model/search.ts";

/** Some searches end a little farther than the exact ones do, by the order in which numbers were added up. */
const TOLERANCE = 1e-6;

/** Whether a row is no farther than another. Distances may be negative: an inner product is given as one. */
export function isAsNear(distance: number, other: number): boolean {
  return distance <= other + TOLERANCE * Math.abs(other);
}

/** A rounding of the same distance is never as much nearer as this share of it, and this. */
const SURELY_NEARER = { share: 1e-4, by: 1e-6 };

/** One answer beside the exact one. */
export interface ComparedAnswer {
  /** Of the exact rows that the answer must have, the share that it has; null: it must have none. */
  readonly recall: number | null;
  /** It has fewer rows than there are to be found. */
  readonly isShort: boolean;
  /** A row that is nearer than the exact answer has any at its place, which is then not exact; null: none. */
  readonly nearerId: number | null;
}

/**
 * Rows that come and go are in no truth, but an answer that has some was made while they were there: of the lasting rows it
 * must have those that are among the k nearest of the exact ones and its own passing ones together. It is right by each of
 * them, or another that is no farther; whether it saw other passing rows is not known, and not asked.
 */
export function compareAnswer(
  { ids, distances }: Pick<SearchAnswer, "ids" | "distances">,
  truth: Pick<ExactAnswer, "rows" | "lastLastingId" | "distances">,
): ComparedAnswer {
  const rows = [...new Map(ids.map((id, at) => [id, distances[at] ?? Infinity]))];
  const lasting = rows.filter(([id]) => id <= truth.lastLastingId).sort(([, a], [, b]) => a - b);
  const passing = rows.flatMap(([id, distance]) => (id > truth.lastLastingId ? [distance] : []));
  const isShort = ids.length < Math.min(truth.rows, truth.distances.length);
  const nearer = lasting.find(([, distance], at) => {
    const exact = truth.distances[at];
    return exact !== undefined && distance < exact - SURELY_NEARER.share * Math.abs(exact) - SURELY_NEARER.by;
  });
  const room = wantedBeside(passing, truth);
  const farthest = truth.distances[room - 1];
  const right = farthest === undefined ? [] : lasting.filter(([, distance]) => isAsNear(distance, farthest));
  return {
    // Of rows at the same distance there may be more than have room.
    recall: farthest === undefined ? null : Math.min(right.length, room) / room,
    isShort,
    nearerId: nearer?.[0] ?? null,
  };
}

/** How many of the exact rows, the nearest of them, are among the k nearest with the passing ones; of equals, passing ones first. */
function wantedBeside(
  passing: readonly number[],
  { rows, distances }: Pick<ExactAnswer, "rows" | "distances">,
): number {
  let wanted = Math.min(rows, distances.length);
  while (wanted > 0) {
    const farthest = distances[wanted - 1] ?? Infinity;
    if (wanted + passing.filter((distance) => isAsNear(distance, farthest)).length <= rows) break;
    wanted -= 1;
  }
  return wanted;
}
