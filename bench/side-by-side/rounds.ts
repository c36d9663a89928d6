/** One contender's figures over the rounds, by name. */
export type Rounds = ReadonlyMap<string, readonly Readonly<Record<string, number>>[]>;

/**
 * Runs the contenders in turn, round after round, each round in another order, so that what disturbs the machine
 * disturbs all of them alike.
 */
export async function inTurns(
  rounds: number,
  contenders: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>>,
): Promise<Rounds> {
  const names = Object.keys(contenders);
  const figures = new Map<string, Readonly<Record<string, number>>[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? "";
      const measured = await contenders[name]?.();
      if (measured !== undefined) figures.get(name)?.push(measured);
      console.error(`  round ${round + 1} of ${rounds}: ${name} ${said(measured ?? {})}`);
    }
  }
  return figures;
}

/** Median over the rounds. */
export function medianOf(rounds: Rounds, name: string, figure: string): number {
  return median((rounds.get(name) ?? []).map((one) => one[figure] ?? Number.NaN));
}

/** Median, least and most of the ratios of the same round: what disturbed one round is in both its terms. */
export function ratioOf(
  rounds: Rounds,
  figure: string,
  { of, to }: { readonly of: string; readonly to: string },
): { readonly median: number; readonly least: number; readonly most: number } {
  const base = rounds.get(to) ?? [];
  const ratios = (rounds.get(of) ?? []).map(
    (one, round) => (one[figure] ?? NaN) / (base[round]?.[figure] ?? NaN),
  );
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** What the median of one is of the median of another. */
export function ratioOfMedians(
  rounds: Rounds,
  figure: string,
  { of, to }: { readonly of: string; readonly to: string },
): number {
  return medianOf(rounds, of, figure) / medianOf(rounds, to, figure);
}

/** As a table has it: "0.97 (0.95-0.99)". */
export function spread({ median, least, most }: ReturnType<typeof ratioOf>): string {
  return Number.isNaN(median) ? "-" : `${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

function said(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value.toFixed(value < 100 ? 3 : 0)}`)
    .join(", ");
}
