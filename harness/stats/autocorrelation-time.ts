/**
 * For how many steps a series remembers itself: of n values about n / time are worth as much as independent ones. An
 * upper limit, since a time that is taken for too short makes chance look like a finding. Infinity: the series is too
 * short to tell, or does not come to rest.
 *
 * It is the larger of two estimates, each with its standard error added, because each errs low on some short series:
 * - Sokal's integrated autocorrelation time, 1 + 2 (r1 + r2 + ...), summed up to the first lag that is five times the
 *   sum so far (Sokal, Monte Carlo Methods in Statistical Mechanics, 1997, section 3), with the standard error
 *   time * sqrt(2 (2 lag + 1) / n) (Madras and Sokal 1988);
 * - (1 + r) / (1 - r), what r1 alone would mean for an autoregression of first order, r1 corrected for its bias of
 *   -(1 + 3 r) / n (Marriott and Pope 1954), with the standard error sqrt((1 - r^2) / n) (Bartlett 1946).
 */
export function autocorrelationTime(series: readonly number[]): number {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  const squares = centred.reduce((sum, value) => sum + value * value, 0);
  const correlation = (lag: number): number => {
    let products = 0;
    for (let index = lag; index < n; index++) products += (centred[index] ?? 0) * (centred[index - lag] ?? 0);
    return squares === 0 ? 0 : products / squares;
  };
  return Math.max(integratedTime(correlation, n), firstOrderTime(correlation(1), n));
}

/** Five times the time itself: Sokal's window, wide enough for what is left out to matter little. */
const windowInTimes = 5;

function integratedTime(correlation: (lag: number) => number, n: number): number {
  let time = 1;
  for (let lag = 1; lag < n / 2; lag++) {
    time += 2 * correlation(lag);
    const atLeast = Math.max(1, time);
    if (lag >= windowInTimes * atLeast) return atLeast * (1 + Math.sqrt((2 * (2 * lag + 1)) / n));
  }
  return Infinity;
}

function firstOrderTime(r1: number, n: number): number {
  const corrected = r1 + (1 + 3 * r1) / n;
  const upper = Math.max(0, corrected + Math.sqrt(Math.max(0, 1 - corrected ** 2) / n));
  return upper < 1 ? (1 + upper) / (1 - upper) : Infinity;
}
