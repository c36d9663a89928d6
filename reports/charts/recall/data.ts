import type { StageMeasurement } from "../../../harness/model/measurement.ts";
import { numberOf } from "../../../harness/stats/figures.ts";
import type { Run } from "../../run.ts";

/** Recall against throughput, a point for each stage that searched. */
export interface RecallData {
  readonly points: readonly {
    readonly title: string;
    readonly perSecond: number;
    readonly recall: number;
    readonly p5: number | null;
    readonly p99Ms: number | null;
  }[];
  /** They differ in one parameter alone, and are in its order: a line through them is a curve. */
  readonly isSweep: boolean;
  /** The least recall that a target asks for; null: none does. */
  readonly leastRecall: number | null;
}

export function collectRecall({ measurements, verdict }: Run): RecallData | null {
  const points = measurements.stages.flatMap((stage) => pointOf(stage));
  if (points.length === 0) return null;
  const bounds = verdict.targets.flatMap(({ target: { metric, bound } }) =>
    metric === "recall" && "atLeast" in bound ? [bound.atLeast] : [],
  );
  const changed = new Set(
    measurements.stages.flatMap(({ stage, recall }) =>
      recall === undefined ? [] : Object.keys(stage.parameters ?? {}),
    ),
  );
  return {
    points,
    isSweep: changed.size === 1,
    leastRecall: bounds.length === 0 ? null : Math.max(...bounds),
  };
}

function pointOf({ title, recall, throughputPerSecond, operations }: StageMeasurement): RecallData["points"] {
  if (recall === undefined) return [];
  const [mean, perSecond] = [numberOf(recall.mean), numberOf(throughputPerSecond)];
  if (mean === null || perSecond === null) return [];
  const p99 = operations[0]?.latencyMs.p99;
  return [
    {
      title,
      perSecond,
      recall: mean,
      p5: numberOf(recall.p5),
      p99Ms: p99 === undefined ? null : numberOf(p99),
    },
  ];
}
