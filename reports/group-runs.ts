import type { Side } from "./comparison.ts";
import { conditionsOf } from "./differing-conditions.ts";
import type { Run } from "./run.ts";

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

/** Short names for runs that stand side by side, in order: engines, or topologies, where each has another, else letters with the engine. */
export function nameRuns(runs: readonly Run[]): readonly string[] {
  const engines = runs.map(({ recording }) => recording.plan.benchmark?.client.engine ?? null);
  const topologies = runs.map(({ recording }) => recording.plan.topology.name);
  const distinct = new Set(engines).size === runs.length;
  if (!distinct && new Set(topologies).size === runs.length) return topologies;
  return engines.map((engine, index) => {
    if (engine !== null && distinct) return engine;
    const letter = String.fromCharCode(A + (index % LETTERS)).repeat(1 + Math.floor(index / LETTERS));
    return engine === null || new Set(engines).size === 1 ? letter : `${letter} ${engine}`;
  });
}

const A = 65;
const LETTERS = 26;
