/** Shards that live together, by a name of their own, go from one group to another. */
export interface PlannedMove {
  readonly unit: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The fewest moves after which each of the groups holds as many units as another, as far as they can be divided, and no
 * other group holds any. `held`: the group of each unit. Pure.
 */
export function planMoves(held: ReadonlyMap<string, string>, groups: readonly string[]): PlannedMove[] {
  const units = new Map<string, string[]>(groups.map((group) => [group, []]));
  const homeless: { readonly unit: string; readonly from: string }[] = [];
  for (const [unit, group] of held) {
    const own = units.get(group);
    if (own === undefined) homeless.push({ unit, from: group });
    else own.push(unit);
  }
  const moves: PlannedMove[] = [];
  const give = (unit: string, from: string): void => {
    const to = fewest(units);
    units.get(to)?.push(unit);
    moves.push({ unit, from, to });
  };
  for (const { unit, from } of homeless) give(unit, from);
  for (;;) {
    const from = most(units);
    const fullest = units.get(from) ?? [];
    if (fullest.length - (units.get(fewest(units))?.length ?? 0) <= 1) return moves;
    const unit = fullest.pop();
    if (unit !== undefined) give(unit, from);
  }
}

/** Of several the first. */
function fewest(units: ReadonlyMap<string, readonly string[]>): string {
  return extreme(units, (count, found) => count < found);
}

function most(units: ReadonlyMap<string, readonly string[]>): string {
  return extreme(units, (count, found) => count > found);
}

function extreme(
  units: ReadonlyMap<string, readonly string[]>,
  isFurther: (count: number, found: number) => boolean,
): string {
  const [first, ...others] = units;
  if (first === undefined) throw new TypeError("Expected at least one group to hold shards, found none.");
  return others.reduce((found, one) => (isFurther(one[1].length, found[1].length) ? one : found), first)[0];
}
