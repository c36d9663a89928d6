import type { FaultStep } from "../harness/model/scenario.ts";
import type { VictimSelector } from "../harness/model/victim-selector.ts";

/** Each of these faults so many times on the same victim. */
export function injectEach(
  injections: number,
  faults: readonly string[],
  victim: VictimSelector,
): readonly FaultStep[] {
  return faults.map((fault) => ({ fault, victim, injections }));
}
