import type { Run } from "./run.ts";

/** Short names for runs that stand side by side, in order: engines where each has another, else letters with the engine. */
export function nameRuns(runs: readonly Run[]): readonly string[] {
  const engines = runs.map(({ recording }) => recording.plan.benchmark?.client.engine ?? null);
  const distinct = new Set(engines).size === runs.length;
  return engines.map((engine, index) => {
    if (engine !== null && distinct) return engine;
    const letter = String.fromCharCode(A + (index % LETTERS)).repeat(1 + Math.floor(index / LETTERS));
    return engine === null || new Set(engines).size === 1 ? letter : `${letter} ${engine}`;
  });
}

const A = 65;
const LETTERS = 26;
