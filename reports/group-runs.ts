import { conditionsOf } from "./differing-conditions.ts";
import { nameRuns } from "./name-runs.ts";
import type { Run } from "./run.ts";
import type { Side } from "./comparison.ts";

type Placed = Run & { readonly directory: string };

/**
 * Runs that differ in nothing but their seed are repetitions of one thing, and stand on one side together, in the order
 * in which they first come. Where all are of one kind each stands alone: there would be nothing to compare.
 */
export function groupRuns<One extends Run>(runs: readonly One[]): readonly (readonly One[])[] {
  const groups = new Map<string, One[]>();
  for (const run of runs) {
    const conditions = [...conditionsOf(run)].filter(([name]) => name !== "seed");
    const key = JSON.stringify(conditions);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return groups.size > 1 ? [...groups.values()] : runs.map((run) => [run]);
}

/** Sides with their names, and those of their runs. */
export function nameSides(groups: readonly (readonly Placed[])[]): readonly Side[] {
  const names = nameRuns(groups.flatMap(([first]) => (first === undefined ? [] : [first])));
  return groups.map((runs, index) => {
    const name = names[index] ?? "";
    return {
      name,
      runs: runs.map((run, number) => ({
        ...run,
        name: runs.length === 1 ? name : `${name} ${number + 1}`,
      })),
    };
  });
}
