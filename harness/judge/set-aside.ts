import { formatValue } from "../model/format-value.ts";
import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";
import { compareWithBound } from "./compare-with-bound.ts";

/**
 * Figures of a stage that must not be judged by, withheld with the reason: of one that has a problem; of one whose
 * client was the limit itself (neither a pass nor a fail of it says anything of the cluster); and a latency that misses
 * its bound, and might not have done so without what the client itself was late (which is part of it).
 */
export function setAside(
  figures: readonly NamedFigure[],
  stages: readonly StageMeasurement[],
  bound: Target["bound"],
): NamedFigure[] {
  const stageOf = new Map<string, StageMeasurement>();
  for (const stage of stages) {
    stageOf.set(stage.title, stage);
    for (const { operation } of stage.operations) stageOf.set(`${stage.title}, ${operation}`, stage);
  }
  return figures.map((named) => {
    const stage = stageOf.get(named.of);
    const reason = stage === undefined ? null : (whyAside(stage) ?? whyDoubtful(named, stage, bound));
    const figure: Figure = reason === null ? named.figure : { kind: "withheld", reason };
    return { ...named, figure };
  });
}

function whyDoubtful(
  { metric, figure }: NamedFigure,
  { client }: StageMeasurement,
  bound: Target["bound"],
): string | null {
  if (client.clientLate === null || !metric.startsWith("latency-") || metrics[metric].unit !== "ms")
    return null;
  if (figure.kind !== "value" || compareWithBound(figure, bound) !== "fail") return null;
  const lateMs = client.latenessP99Ms.kind === "value" ? client.latenessP99Ms.value : 0;
  const without: Figure = { kind: "value", value: Math.max(0, figure.value - lateMs) };
  if (compareWithBound(without, bound) === "fail") return null;
  return `client-bound: ${client.clientLate}, which is part of its ${formatValue(figure.value, "ms")}`;
}

function whyAside({ problem, client }: StageMeasurement): string | null {
  if (problem !== null) return problem;
  if (client.clientBound === null) return null;
  const fine = client.fineUpToPerSecond;
  const upTo =
    fine.kind !== "value" ? "" : `; it would have been fine up to ${fine.value.toLocaleString("en-US")} op/s`;
  return `client-bound: ${client.clientBound}${upTo}`;
}
