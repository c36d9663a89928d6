import { counted, formatCount, formatFigure } from "../harness/model/format-value.ts";
import type { StageMeasurement } from "../harness/model/measurement.ts";
import { totalCount } from "../harness/stats/total-count.ts";
import { injectionsDone, type Run } from "./run.ts";

/** Whether dpg-bench did its own work: one sentence that says nothing about the cluster. */
export function harnessSentence(run: Run): string {
  const { recording } = run;
  const done = `${workDone(run)}, ${formatCount(operationsRecorded(run))} operations recorded`;
  if (recording.end.kind === "incomplete")
    return `dpg-bench did not finish its work: ${endSentence(recording.end.reason)} ${upperFirst(done)}.`;
  return `dpg-bench did its work: ${done}${ownError(run)}.`;
}

/** Whether the cluster kept its promises, and why: one sentence that says nothing about dpg-bench. */
export function clusterSentence(run: Run): string {
  const { outcome, sentence } = run.verdict;
  return `${clusterHeadline(run)}: ${outcome === "pass" ? lowerFirst(sentence) : sentence}`;
}

/** The same in few words, for banners. */
export function clusterHeadline(run: Run): string {
  const several = run.recording.plan.targets.length > 1 || run.verdict.targets.length > 1;
  switch (run.verdict.outcome) {
    case "pass":
      return several ? "The cluster kept its promises" : "The cluster kept its promise";
    case "fail":
      return "The cluster did not keep its promise";
    case "unknown":
      return "Whether the cluster keeps its promises is unknown";
  }
}

/** Operations of all streams and stages in the recording. */
export function operationsRecorded({ recording }: Run): number {
  let sum = 0;
  for (const samples of recording.samples.values()) sum += samples.length;
  for (const { seconds } of recording.stages) {
    for (const { operations } of seconds)
      for (const { ok, failed, unknown } of operations) sum += ok + totalCount(failed) + totalCount(unknown);
  }
  return sum;
}

/** A reason as a sentence of its own. */
export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function workDone({ recording }: Run): string {
  const { plan, stages } = recording;
  const injections = `${injectionsDone(recording)} of ${plan.injections.length} injections done`;
  if (plan.benchmark === null) return injections;
  const whole = stages.filter(({ end }) => end?.kind === "complete").length;
  const all = `${counted(whole, "stage")} done`;
  const done = whole === stages.length ? all : `${all} of ${stages.length} begun`;
  return plan.load === null ? done : `${done}, ${injections}`;
}

/** The harness's own error: lag of the probes, or whether the client of a benchmark was its limit. */
function ownError({ recording, measurements }: Run): string {
  const { plan } = recording;
  const client = plan.benchmark === null ? null : clientInOneLine(measurements.stages);
  const { p99 } = measurements.scheduleLagMs;
  const lag =
    plan.load === null || p99.kind === "withheld"
      ? null
      : `probe schedule lag p99 ${formatFigure(p99, "ms")}`;
  return [client, lag].map((one) => (one === null ? "" : `, ${one}`)).join("");
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/**
 * Whether the client was fit to measure what it measured, as the measurement of each stage decided: half a sentence.
 * `null`: no stage was measured.
 */
export function clientInOneLine(stages: readonly StageMeasurement[]): string | null {
  if (stages.length === 0) return null;
  const full = stages.filter(({ client }) => client.clientBound !== null).length;
  const late = stages.filter(({ client }) => client.clientLate !== null).length;
  const still = stages.filter(({ client }) => client.stoodStill !== null).length;
  return [
    full === 0
      ? "the client was not the limit in any stage"
      : `the client was the limit in ${counted(full, "stage")}`,
    ...(late === 0 ? [] : [`it was late in ${counted(late, "stage")}`]),
    ...(still === 0 ? [] : [`it stood still for a time in ${counted(still, "stage")}`]),
  ].join(", ");
}
