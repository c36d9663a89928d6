import { checkSafety } from "../check/check-safety.ts";
import { judge } from "../judge/judge.ts";
import { measure } from "../measure/measure.ts";
import { formatVersions } from "../model/format-versions.ts";
import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Workload } from "../model/workload.ts";
import { chartsScript } from "./charts-script.ts";
import { readRecording } from "../store/read-recording.ts";
import { findWorkload } from "../workloads/catalogue.ts";
import { writeResult } from "../store/write-result.ts";
import { renderHtml } from "../../reports/html/render-html.ts";
import { renderJunit } from "../../reports/junit.ts";

/** What a recording says, and where its report is. */
export interface Conclusion {
  readonly directory: string;
  readonly recording: Recording;
  readonly measurements: Measurements;
  readonly verdict: Verdict;
  /** Path of report.html. */
  readonly reportPath: string;
}

/**
 * From the recording to the verdict and the reports: pure but for reading and writing the run's folder, so it
 * works on a copied folder, without a cluster, as often as one likes.
 */
export async function concludeRun(directory: string): Promise<Conclusion> {
  const recording = await readRecording(directory);
  const measurements = measure(recording, checkSafety(recording));
  const verdict = judge({ plan: recording.plan, measurements, end: recording.end });
  const run = { recording, measurements, verdict, workload: workloadOf(recording) };
  await writeResult(directory, "measurements.json", asJson(formatVersions.measurements, measurements));
  await writeResult(directory, "verdict.json", asJson(formatVersions.verdict, verdict));
  await writeResult(directory, "junit.xml", renderJunit(run));
  const reportPath = await writeResult(
    directory,
    "report.html",
    renderHtml(run, { chartsScript: await chartsScript() }),
  );
  return { directory, ...run, reportPath };
}

/** The report shows its statements; null for runs of faults, and where this dpg-bench does not know it any more. */
function workloadOf({ plan }: Recording): Workload | null {
  if (plan.benchmark === null) return null;
  return findWorkload(plan.benchmark.workload, plan.benchmark.parameters) ?? null;
}

function asJson(formatVersion: number, content: object): string {
  return `${JSON.stringify({ formatVersion, ...content }, null, 2)}\n`;
}
