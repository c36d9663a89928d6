import type { Micros } from "../model/clock.ts";

/** From a moment until before another; Infinity where it had not ended. */
export interface Stretch {
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/** All that lies in any of the stretches, as stretches that neither overlap nor touch, in order. */
export function union(stretches: readonly Stretch[]): Stretch[] {
  const united: Stretch[] = [];
  for (const { fromUs, toUs } of stretches.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const last = united.at(-1);
    if (last === undefined || fromUs > last.toUs) united.push({ fromUs, toUs });
    else if (toUs > last.toUs) united[united.length - 1] = { fromUs: last.fromUs, toUs };
  }
  return united;
}

/** What of the stretches lies within another. */
export function clip(stretches: readonly Stretch[], within: Stretch): Stretch[] {
  return stretches.flatMap(({ fromUs, toUs }) => {
    const clipped = { fromUs: Math.max(fromUs, within.fromUs), toUs: Math.min(toUs, within.toUs) };
    return clipped.fromUs < clipped.toUs ? [clipped] : [];
  });
}

/** What of the stretches lies in none of the others. */
export function subtract(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  let left = [...stretches];
  for (const { fromUs, toUs } of others) {
    left = left.flatMap((stretch) => [
      ...clip([stretch], { fromUs: -Infinity, toUs: fromUs }),
      ...clip([stretch], { fromUs: toUs, toUs: Infinity }),
    ]);
  }
  return left;
}

/** How long they are together, what lies in several of them once. Microseconds. */
export function lengthOf(stretches: readonly Stretch[]): Micros {
  return union(stretches).reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs), 0);
}
