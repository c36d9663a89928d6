import type { Target } from "../model/target.ts";
import type { Judged } from "./judged.ts";
import { lowestOf } from "../stats/figures.ts";

/**
 * What is promised without a scenario's saying so: a workload that checks its data finds it as its operations must have
 * left it. A cluster that is quick and loses rows has not passed. A scenario without targets passes nothing by this.
 */
export function builtInTargets({ plan, measurements }: Pick<Judged, "plan" | "measurements">): Target[] {
  const checked = measurements.figures.filter(({ metric }) => metric === "broken-invariants");
  const broken = checked.some(({ figure }) => figure.kind !== "withheld" && lowestOf(figure) > 0);
  const promised = plan.targets.some(({ metric }) => metric === "broken-invariants");
  if (promised || checked.length === 0) return [];
  return broken || plan.targets.length > 0 ? [invariantsHold] : [];
}

const invariantsHold: Target = {
  id: "INVARIANTS",
  title: "The data is as the workload's operations must have left it",
  metric: "broken-invariants",
  statistic: "sum",
  bound: { atMost: 0 },
  source: "the workload's invariants",
};
