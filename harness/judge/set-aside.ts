import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";

/**
 * Figures of a stage that must not be judged by, withheld with the reason: of one that has a problem, and of one whose
 * client was the limit itself (neither a pass nor a fail of it says anything of the cluster).
 */
export function setAside(
  figures: readonly NamedFigure[],
  stages: readonly StageMeasurement[],
): NamedFigure[] {
  const reasons = new Map<string, string>();
  for (const stage of stages) {
    const reason = whyAside(stage);
    if (reason === null) continue;
    reasons.set(stage.title, reason);
    for (const { operation } of stage.operations) reasons.set(`${stage.title}, ${operation}`, reason);
  }
  return figures.map((named) => {
    const reason = reasons.get(named.of);
    const figure: Figure = reason === undefined ? named.figure : { kind: "withheld", reason };
    return { ...named, figure };
  });
}

function whyAside({ problem, client }: StageMeasurement): string | null {
  if (problem !== null) return problem;
  if (client.clientBound === null) return null;
  const fine = client.fineUpToPerSecond;
  const upTo =
    fine.kind === "withheld"
      ? ""
      : `; it would have been fine up to ${fine.value.toLocaleString("en-US")} op/s`;
  return `client-bound: ${client.clientBound}${upTo}`;
}
