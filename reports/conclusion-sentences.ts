import type { Run } from "./run.ts";
import { formatCount, formatFigure } from "./format-figure.ts";
import { injectionsDone } from "./injections-done.ts";

/** Whether dpg-bench did its own work: one sentence that says nothing about the cluster. */
export function harnessSentence(run: Run): string {
  const { recording, measurements } = run;
  const done = injectionsDone(recording);
  const injections = `${done} of ${recording.plan.injections.length} injections done`;
  const operations = `${formatCount(operationsRecorded(run))} operations recorded`;
  if (recording.end.kind === "incomplete") {
    return `dpg-bench did not finish its work: ${endSentence(recording.end.reason)} ${injections}, ${operations}.`;
  }
  const lag = measurements.scheduleLagMs;
  const lagText =
    lag.p99.kind === "withheld" ? "" : `, probe schedule lag p99 ${formatFigure(lag.p99, "ms")}`;
  return `dpg-bench did its work: ${injections}, ${operations}${lagText}.`;
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

/** Operations of all streams in the recording. */
export function operationsRecorded(run: Run): number {
  let sum = 0;
  for (const samples of run.recording.samples.values()) sum += samples.length;
  return sum;
}

/** A reason as a sentence of its own. */
export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
