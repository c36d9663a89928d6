import path from "node:path";
import { nameRuns } from "../reports/name-runs.ts";
import type { Comparison } from "../reports/comparison.ts";
import { renderComparison } from "../reports/html/render-comparison.ts";
import type { Run } from "../reports/run.ts";
import { chartsScript } from "./charts-script.ts";
import { checkSafety } from "./check/check-safety.ts";
import { compareRuns } from "./judge/compare-runs.ts";
import { judge } from "./judge/judge.ts";
import { measure } from "./measure/measure.ts";
import { UsageError, type Problem } from "./model/errors.ts";
import { readRecording } from "./store/read-recording.ts";
import { writeResult } from "./store/write-result.ts";

export interface WrittenComparison extends Comparison {
  /** Path of compare.html. */
  readonly pagePath: string;
}

/**
 * Measures recorded runs again, sets them side by side and writes the page: to `page`, or as compare.html into the first
 * run's folder. The runs' own files stay as they are. Throws a UsageError, with all problems at once, when a folder
 * cannot be read or when runs of faults and benchmarks are mixed.
 */
export async function compareRecordings(
  directories: readonly string[],
  page: string | null,
): Promise<WrittenComparison> {
  const recorded = await readAll(directories);
  refuseMixtures(directories, recorded);
  const names = nameRuns(recorded);
  const runs = recorded.map((run, index) => ({
    ...run,
    name: names[index] ?? "",
    directory: directories[index] ?? "",
  }));
  const comparison = { runs, compared: compareRuns(runs) };
  const file = path.resolve(page ?? path.join(directories[0] ?? ".", "compare.html"));
  const html = renderComparison(comparison, { chartsScript: await chartsScript() });
  return { ...comparison, pagePath: await writeResult(path.dirname(file), path.basename(file), html) };
}

async function readAll(directories: readonly string[]): Promise<readonly Run[]> {
  const problems: Problem[] = [];
  const runs: Run[] = [];
  for (const directory of directories) {
    try {
      const recording = await readRecording(directory);
      const measurements = measure(recording, checkSafety(recording));
      runs.push({
        recording,
        measurements,
        verdict: judge({ plan: recording.plan, measurements, end: recording.end }),
      });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UsageError(problems);
  return runs;
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
