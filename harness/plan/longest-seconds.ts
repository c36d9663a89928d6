import type { RunPlan } from "../model/plan.ts";

/** Time for reading ledgers, logs and other short work, on top of what has a budget of its own. */
const ALLOWANCE_SECONDS = 600;

/** How long a run can last at most if every wait used its whole budget: the life that its containers are given. */
export function longestSeconds({ budgets, phases, injections }: RunPlan): number {
  const perInjectionMs = 2 * budgets.redundancyMs + budgets.feltMs + budgets.recoveryMs;
  return Math.ceil(
    ALLOWANCE_SECONDS +
      phases.warmupSeconds +
      phases.steadySeconds +
      budgets.readyMs / 1000 +
      injections.length * (perInjectionMs / 1000 + phases.recoverySeconds),
  );
}
