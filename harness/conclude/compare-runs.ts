import path from "node:path";
import type { Comparison } from "../../reports/comparison.ts";
import { groupRuns, nameSides } from "../../reports/group-runs.ts";
import { renderComparison } from "../../reports/html/render-comparison.ts";
import type { Run } from "../../reports/run.ts";
import { chartsScript } from "./charts-script.ts";
import { checkSafety } from "../check/check-safety.ts";
import { compareRuns } from "../judge/compare-runs.ts";
import { judge } from "../judge/judge.ts";
import { measure } from "../measure/measure.ts";
import { UsageError, type Problem } from "../model/errors.ts";
import { readRecording } from "../store/read-recording.ts";
import { writeResult } from "../store/write-result.ts";

export interface WrittenComparison extends Comparison {
  /** Path of compare.html. */
  readonly pagePath: string;
}

/** Folders of runs: those of one kind are found, unless the two sides are named. */
export interface RunsToCompare {
  readonly directories: readonly string[];
  /** The other side, where the user said what stands against what; empty: runs of one kind belong together. */
  readonly against: readonly string[];
}

/**
 * Measures recorded runs again, sets them side by side and writes the page: to `page`, or as compare.html into the first
 * run's folder. The runs' own files stay as they are. Throws a UsageError, with all problems at once, when a folder
 * cannot be read or when runs of faults and benchmarks are mixed.
 */
export async function compareRecordings(
  { directories: named, against }: RunsToCompare,
  page: string | null,
): Promise<WrittenComparison> {
  const directories = [...named, ...against];
  const recorded = await readAll(directories);
  refuseMixtures(directories, recorded);
  const placed = recorded.map((run, index) => ({ ...run, directory: directories[index] ?? "" }));
  const sides = nameSides(
    against.length === 0 ? groupRuns(placed) : [placed.slice(0, named.length), placed.slice(named.length)],
  );
  const comparison = {
    sides,
    runs: sides.flatMap(({ runs }) => runs),
    compared: compareRuns(sides.map(({ runs }) => runs)),
  };
  const file = path.resolve(page ?? path.join(directories[0] ?? ".", "compare.html"));
  const html = renderComparison(comparison, { chartsScript: await chartsScript() });
  return { ...comparison, pagePath: await writeResult(path.dirname(file), path.basename(file), html) };
}

async function readAll(directories: readonly string[]): Promise<readonly Run[]> {
  const problems: Problem[] = [];
  const runs: Run[] = [];
  let hint: string | undefined;
  for (const directory of directories) {
    try {
      runs.push(await readRun(directory));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
      hint ??= error.hint;
    }
  }
  if (problems.length > 0) throw new UsageError(problems, undefined, hint);
  return runs;
}

/**
 * A run without its samples: a page that compares shows no single operation, and several runs' would not fit into memory.
 * A function of its own, so that nothing holds those of one run any more while the next one's are read.
 */
async function readRun(directory: string): Promise<Run> {
  const recording = await readRecording(directory);
  const measurements = measure(recording, checkSafety(recording));
  return {
    recording: { ...recording, samples: new Map() },
    measurements,
    verdict: judge({ plan: recording.plan, measurements, end: recording.end }),
  };
}

function refuseMixtures(directories: readonly string[], runs: readonly Run[]): void {
  const benchmark = (run: Run | undefined): boolean => run?.recording.plan.benchmark != null;
  const first = benchmark(runs[0]);
  const problems = runs.flatMap((run, index): Problem[] =>
    benchmark(run) === first
      ? []
      : [
          {
            where: directories[index] ?? "",
            message: `expected ${first ? "a benchmark" : "a run of faults"}, as the first run is, found ${first ? "a run of faults" : "a benchmark"}.`,
            suggestion: "They have no figure in common: compare runs of the same scenario.",
          },
        ],
  );
  if (problems.length > 0) throw new UsageError(problems, "not-comparable");
}
