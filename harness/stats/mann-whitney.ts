/** What the ranks of two series say. */
export interface RankTest {
  readonly n: readonly [own: number, first: number];
  /** 1: values of the first argument tend to be larger; -1: smaller; 0: neither. */
  readonly direction: -1 | 0 | 1;
  /** How likely ranks at least so far to this side are, where both series come from one distribution. */
  readonly greater: number;
  readonly less: number;
  /** The same to either side: twice the smaller, at most 1. */
  readonly twoSided: number;
}

/** Up to so many values in all, p is counted out; beyond, the normal approximation is right to a thousandth. */
const countedOut = 30;

/**
 * The Mann-Whitney U test (Mann and Whitney 1947; Hollander and Wolfe, Nonparametric Statistical Methods, 4.1). It asks
 * whether values of one series tend to be larger than those of the other, whatever their distribution; it takes them for
 * independent. Few values: by the exact distribution over all ways to divide the ranks, ties included (mid-ranks). Many:
 * by the normal approximation with correction for ties and for continuity.
 */
export function mannWhitney(own: readonly number[], first: readonly number[]): RankTest {
  const all = [
    ...own.map((value) => ({ value, mine: true })),
    ...first.map((value) => ({ value, mine: false })),
  ].sort((a, b) => (a.value === b.value ? 0 : a.value - b.value));
  const total = all.length;
  const doubledRanks: number[] = [];
  let doubledSum = 0;
  let ties = 0;
  for (let from = 0; from < total;) {
    let to = from + 1;
    while (to < total && all[to]?.value === all[from]?.value) to++;
    // Ranks count from 1: twice the mean of from + 1 ... to.
    const doubledRank = from + 1 + to;
    for (const { mine } of all.slice(from, to)) {
      doubledRanks.push(doubledRank);
      if (mine) doubledSum += doubledRank;
    }
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const doubledMean = own.length * (total + 1);
  const n = [own.length, first.length] as const;
  const direction = sign(doubledSum - doubledMean);
  const { greater, less } =
    total <= countedOut
      ? exactTails(doubledRanks, own.length, doubledSum)
      : normalTails((doubledSum - doubledMean) / 2, n, ties);
  return { n, direction, greater, less, twoSided: Math.min(1, 2 * Math.min(greater, less)) };
}

/** The smallest p, to one side, that so many values can give: that of the one most extreme order. */
export function smallestOneSided(own: number, first: number): number {
  let orders = 1;
  for (let taken = 1; taken <= own; taken++) orders = (orders * (first + taken)) / taken;
  return 1 / orders;
}

/** How often U, without ties, is at most `u`, counted out or by the normal approximation. */
export function shareAtMost(u: number, own: number, first: number): number {
  const total = own + first;
  if (total > countedOut) {
    const deviation = Math.sqrt((own * first * (total + 1)) / 12);
    return upperTail(((own * first) / 2 - u - 0.5) / deviation);
  }
  const ranks = Array.from({ length: total }, (_, index) => 2 * (index + 1));
  return exactTails(ranks, own, 2 * u + own * (own + 1)).less;
}

/** Of all ways to draw `count` of the ranks: the shares whose sum is at least, and at most, the observed one. */
function exactTails(
  ranks: readonly number[],
  count: number,
  observed: number,
): { readonly greater: number; readonly less: number } {
  let [all, above, below] = [0, 0, 0];
  for (const [sum, number] of waysToSum(ranks, count).entries()) {
    all += number;
    if (sum >= observed) above += number;
    if (sum <= observed) below += number;
  }
  return { greater: above / all, less: below / all };
}

/** Without ties the ranks are always the same: counted once. */
const counted = new Map<string, Float64Array>();

/** In how many ways `count` of the ranks have each sum. */
function waysToSum(ranks: readonly number[], count: number): Float64Array {
  const untied = ranks.every((rank, index) => rank === 2 * (index + 1));
  const key = `${count} of ${ranks.length}`;
  const known = untied ? counted.get(key) : undefined;
  if (known !== undefined) return known;
  const most = ranks.slice(ranks.length - count).reduce((sum, rank) => sum + rank, 0);
  // ways[drawn][sum], the ranks taken one after the other.
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  for (const rank of ranks) {
    for (let drawn = count; drawn >= 1; drawn--) {
      const [to, from] = [ways[drawn] as Float64Array, ways[drawn - 1] as Float64Array];
      for (let sum = most; sum >= rank; sum--) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  const all = ways[count] as Float64Array;
  if (untied) counted.set(key, all);
  return all;
}

function normalTails(
  beyondMean: number,
  [own, first]: readonly [number, number],
  ties: number,
): { readonly greater: number; readonly less: number } {
  const total = own + first;
  const variance = ((own * first) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { greater: 1, less: 1 };
  const deviation = Math.sqrt(variance);
  return {
    greater: upperTail((beyondMean - 0.5) / deviation),
    less: upperTail((-beyondMean - 0.5) / deviation),
  };
}

/** 1 - Phi(z), off by less than 1.5e-7 (Abramowitz and Stegun, 26.2.17 by way of 7.1.26). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (series * Math.exp(-x * x)) / 2;
}

function sign(value: number): -1 | 0 | 1 {
  if (value === 0) return 0;
  return value > 0 ? 1 : -1;
}
