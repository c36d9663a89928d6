import { printableLine } from "../support/printable.ts";
import type { RecordedStage, StageSecond } from "../model/stage.ts";

/** The lines of a stage's file, in order: the first, any number of seconds, and the last when the stage ended. */
export type StageLine =
  | { readonly begun: Pick<RecordedStage, "stage" | "engine" | "startedUs"> }
  | { readonly second: StageSecond }
  | { readonly ended: NonNullable<RecordedStage["end"]> };

/** The name of a stage's own file. */
export function stageFile(stage: number): string {
  return `stage-${stage}.ndjson`;
}

/** The number of the stage whose own file has this name; null for other files. */
export function stageOfFile(name: string): number | null {
  const number = /^stage-(\d+)\.ndjson$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/** An operation's samples of a stage. A user's own script may name its operations as it likes. */
export function stageSamplesFile(stage: number, operation: string): string {
  return `${samplesPrefix(stage)}${encodeURIComponent(operation)}.ndjson`;
}

/** The operation whose samples of the stage are in the file of this name; null for other files. */
export function operationOfSamplesFile(stage: number, name: string): string | null {
  return operationOfFile(name, samplesPrefix(stage));
}

/** A search's answers of a stage. */
export function stageAnswersFile(stage: number, operation: string): string {
  return `${answersPrefix(stage)}${encodeURIComponent(operation)}.ndjson`;
}

/** The search whose answers of the stage are in the file of this name; null for other files. */
export function operationOfAnswersFile(stage: number, name: string): string | null {
  return operationOfFile(name, answersPrefix(stage));
}

function operationOfFile(name: string, prefix: string): string | null {
  if (!name.startsWith(prefix) || !name.endsWith(".ndjson")) return null;
  try {
    return printableLine(decodeURIComponent(name.slice(prefix.length, -".ndjson".length)));
  } catch {
    // No name that was made here.
    return null;
  }
}

/** One metric's histograms of an operation in a stage. */
export function stageHistogramsFile(stage: number, operation: string, metric: string): string {
  return `histograms-stage-${stage}-${encodeURIComponent(operation)}-${metric}.hlog`;
}

function samplesPrefix(stage: number): string {
  return `samples-stage-${stage}-`;
}

function answersPrefix(stage: number): string {
  return `answers-stage-${stage}-`;
}
