import type { Stage } from "../harness/model/benchmark.ts";
import type { RunPlan } from "../harness/model/plan.ts";

/** What figures and targets call a stage; for those that ended before they could be measured. */
export function stageTitle({ variant, name }: Stage, { benchmark }: RunPlan): string {
  return (benchmark?.variants.length ?? 1) > 1 ? `${variant}: ${name}` : name;
}
