import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { closest } from "fastest-levenshtein";
import { UsageError } from "../model/errors.ts";
import { listRuns, type ListedRun } from "./list-runs.ts";

/**
 * The folder of the run that is meant: a path, `latest` (of all), `SCENARIO` or `SCENARIO/latest` (its newest),
 * `SCENARIO/NAME`, or the beginning or the end of a run's name when only one run has it. Throws a UsageError otherwise.
 */
export async function findRun(reference: string, runsDirectory: string): Promise<string> {
  for (const candidate of [reference, path.join(runsDirectory, reference)]) {
    if (existsSync(path.join(candidate, "plan.json"))) return realpathSync(candidate);
  }
  const runs = await listRuns(runsDirectory);
  const scenario = reference.replace(/\/latest$/, "");
  const newest = reference === "latest" ? runs[0] : runs.find((run) => run.scenario === scenario);
  if (newest !== undefined) return path.resolve(newest.directory);
  const named = runs.filter((run) => run.name.startsWith(reference) || run.name.endsWith(reference));
  if (named.length === 1 && named[0] !== undefined) return path.resolve(named[0].directory);
  throw notFound(reference, runsDirectory, runs, named);
}

function notFound(
  reference: string,
  runsDirectory: string,
  runs: readonly ListedRun[],
  named: readonly ListedRun[],
): UsageError {
  const where = `run "${reference}"`;
  if (named.length > 1) {
    const names = named.map((run) => `${run.scenario}/${run.name}`).join(", ");
    return new UsageError([
      { where, message: "expected one run, found several.", suggestion: `Say which: ${names}.` },
    ]);
  }
  if (existsSync(reference)) {
    return new UsageError(
      [{ where, message: "expected the folder of a run, found no plan.json in it." }],
      "not-a-run",
    );
  }
  if (runs.length === 0) {
    return new UsageError([
      {
        where,
        message: `found no runs in ${path.resolve(runsDirectory)}.`,
        suggestion: "--out DIR names another place.",
      },
    ]);
  }
  const names = runs.flatMap((run) => [run.scenario, run.name, `${run.scenario}/${run.name}`]);
  return new UsageError([
    { where, message: "found no such run.", suggestion: `Did you mean "${closest(reference, names)}"?` },
  ]);
}
