import type { FaultDescription } from "./fault.ts";
import type { Hold } from "./hold.ts";
import type { Step } from "./scenario.ts";
import { membersActedOn, type VictimSelector } from "./victim-selector.ts";

/** What a step injects, whichever kind it is of. */
export interface ResolvedStep extends Hold {
  readonly fault: FaultDescription;
  readonly victim: VictimSelector;
  readonly injections: number;
}

/** undefined where there is no such fault, or no such cluster operation. */
export function resolveStep(
  step: Step,
  faults: Readonly<Record<string, FaultDescription>>,
): ResolvedStep | undefined {
  if (!("operation" in step)) {
    const fault = faults[step.fault];
    return fault?.kind === "fault" ? { ...step, fault } : undefined;
  }
  const { operation, on, injections } = step;
  const fault = faults[operation];
  if (fault?.kind !== "operation") return undefined;
  return { fault, victim: membersActedOn(fault.actsOn, on), injections };
}
