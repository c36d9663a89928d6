import { distance } from "fastest-levenshtein";

/** `Did you mean "x"?` for the nearest of the names, with the whole list where nothing is near. */
export function didYouMean(found: string, names: readonly string[]): string {
  const nearest = nearestOf(found, names);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return names.length === 0 ? "There is none." : `There is: ${names.join(", ")}.`;
}

/** The nearest name, or undefined when more than half of it would have to change. Letter case and `_-.` do not count. */
export function nearestOf(found: string, names: readonly string[]): string | undefined {
  const wanted = plain(found);
  const ranked = names
    .map((name) => ({ name, changes: distance(wanted, plain(name)) }))
    .toSorted((a, b) => a.changes - b.changes);
  const best = ranked[0];
  return best !== undefined && best.changes * 2 <= Math.max(wanted.length, 1) ? best.name : undefined;
}

/** Compares `loop_wait`, `loop-wait` and `loopWait` as one. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, "");
}
