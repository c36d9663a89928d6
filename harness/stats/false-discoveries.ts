/**
 * The p of several tests, each raised to what it means among all of them: where those up to 0.05 are called findings, at
 * most one in twenty findings is expected to be false (Benjamini and Hochberg 1995; it holds for tests that are
 * independent or err together, as figures of one run do: Benjamini and Yekutieli 2001). In the order given.
 */
export function adjustedAmong(pValues: readonly number[]): number[] {
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [place, { p, index }] of descending.entries()) {
    const rank = pValues.length - place;
    least = Math.min(least, p * (pValues.length / rank));
    adjusted[index] = least;
  }
  return adjusted;
}
