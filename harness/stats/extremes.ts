/**
 * The least of what there is of each: Infinity of none. `Math.min(...)` takes what fits on the stack as arguments, which
 * the seconds of a day do not.
 */
export function leastOf<One>(all: Iterable<One>, of: (one: One) => number): number {
  let least = Infinity;
  for (const one of all) least = Math.min(least, of(one));
  return least;
}

/** The most of what there is of each: -Infinity of none. */
export function mostOf<One>(all: Iterable<One>, of: (one: One) => number): number {
  let most = -Infinity;
  for (const one of all) most = Math.max(most, of(one));
  return most;
}
