import type { FaultDescription } from "./fault.ts";
import type { Hold } from "./hold.ts";
import type { FaultStep, Step } from "./scenario.ts";
import { membersActedOn, type VictimSelector } from "./victim-selector.ts";

/** What a step injects, whichever kind it is of. */
export interface ResolvedStep extends Hold, Pick<FaultStep, "healBetweenSeconds"> {
  readonly fault: FaultDescription;
  readonly victim: VictimSelector;
  readonly injections: number;
}

/**
 * undefined where there is no such fault, or no such cluster operation. Where the step does not say how long the fault is
 * held, it is for as long as such a fault lasts; where that is left to chance, `healAfterSeconds` is the most.
 */
export function resolveStep(
  step: Step,
  faults: Readonly<Record<string, FaultDescription>>,
): ResolvedStep | undefined {
  if (!("operation" in step)) {
    const fault = faults[step.fault];
    if (fault?.kind !== "fault") return undefined;
    const { holdUntil, leastSeconds, healBetweenSeconds } = step;
    const said = holdUntil !== undefined || leastSeconds !== undefined;
    const healAfterSeconds =
      step.healAfterSeconds ?? healBetweenSeconds?.most ?? (said ? undefined : fault.lastsSeconds);
    return { ...step, ...(healAfterSeconds === undefined ? {} : { healAfterSeconds }), fault };
  }
  const { operation, on, injections } = step;
  const fault = faults[operation];
  if (fault?.kind !== "operation") return undefined;
  return { fault, victim: membersActedOn(fault.actsOn, on), injections };
}
