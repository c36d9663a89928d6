import type { InvariantReading } from "./stage.ts";
import type { VerdictOutcome } from "./verdict.ts";

/** Whether what was found lies within the invariant's bounds; what could not be read is unknown. */
export function invariantHeld({ found, atLeast, atMost }: InvariantReading): VerdictOutcome {
  if (found === null) return "unknown";
  return found >= atLeast && found <= atMost ? "pass" : "fail";
}
