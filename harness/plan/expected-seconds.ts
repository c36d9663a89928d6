import type { FailureClass } from "../model/advice.ts";
import { layOut } from "../model/layout.ts";
import type { PlannedInjection, RunPlan } from "../model/plan.ts";

/** Seconds until a hurt member streams again, after the service is back: seen with the shipped topologies. */
const REJOIN_SECONDS: Readonly<Record<FailureClass, number>> = {
  planned: 4,
  "process-crash": 6,
  "node-loss": 10,
  "node-pause": 10,
  "network-isolation": 10,
};

/** How long a run will take, in seconds, from its plan: for people who wait, not for budgets. */
export function expectedSeconds(plan: RunPlan): number {
  const containers = layOut(plan.topology).nodes.length;
  const startAndRemove = 8 + 0.5 * containers;
  const { warmupSeconds, steadySeconds } = plan.phases;
  const injections = plan.injections.reduce((sum, injection) => sum + injectionSeconds(injection, plan), 0);
  return Math.round(startAndRemove + warmupSeconds + steadySeconds + injections);
}

function injectionSeconds(injection: PlannedInjection, plan: RunPlan): number {
  const band = plan.advice.bands.find((candidate) => candidate.fault === injection.fault);
  const outage = band === undefined ? 10 : (band.lowSeconds + band.highSeconds) / 2;
  const loopWait = plan.advice.timing?.loopWait ?? 0;
  return loopWait + outage + 1 + REJOIN_SECONDS[injection.failureClass] + plan.phases.recoverySeconds;
}
