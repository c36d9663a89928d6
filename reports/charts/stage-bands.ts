import type { ResourceReading } from "../../harness/model/resource.ts";
import type { RecordedStage } from "../../harness/model/stage.ts";
import { stageTitle } from "../../harness/model/figure-names.ts";

/** A stage on the time axis; seconds since the recording began. */
export interface StageBand {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly phases: readonly { readonly phase: string; readonly from: number; readonly to: number }[];
}

export interface Checkpoint {
  readonly at: number;
  readonly member: string;
}

export function stageBands(stages: readonly RecordedStage[]): StageBand[] {
  return stages.map((stage) => ({
    title: stageTitle(stage.stage),
    from: stage.startedUs / SECOND,
    to: stageEndUs(stage) / SECOND,
    phases: phasesOf(stage),
  }));
}

/** When a stage ended, or was last heard of. */
export function stageEndUs({ startedUs, end, seconds }: RecordedStage): number {
  return Math.max(startedUs, end?.atUs ?? 0, ...seconds.slice(-8).map(({ toUs }) => toUs));
}

/** When a primary was seen to have begun a checkpoint, to one reading. */
export function checkpointsOf(resources: readonly ResourceReading[]): Checkpoint[] {
  return resources.flatMap((reading) =>
    reading.kind === "postgres" && reading.primary && reading.checkpoints > 0
      ? [{ at: reading.atUs / SECOND, member: reading.member }]
      : [],
  );
}

/** A second, or as much wider as keeps a run below some 1,200 points. */
export function pointWidthUs(lengthUs: number): number {
  return Math.max(1, Math.ceil(lengthUs / (1200 * SECOND))) * SECOND;
}

function phasesOf({ seconds }: RecordedStage): StageBand["phases"] {
  const phases: { phase: string; from: number; to: number }[] = [];
  for (const { phase, fromUs, toUs } of seconds.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const last = phases.at(-1);
    if (last?.phase === phase) last.to = Math.max(last.to, toUs / SECOND);
    else phases.push({ phase, from: fromUs / SECOND, to: toUs / SECOND });
  }
  return phases;
}

const SECOND = 1_000_000;
