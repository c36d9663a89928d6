import type { InvariantReading } from "./stage.ts";
import type { VerdictOutcome } from "./verdict.ts";
import { formatCount } from "./format-value.ts";

/**
 * Whether what was found lies within the invariant's bounds; what could not be read is unknown. Bounds are apart by the
 * writes of unknown outcome: only when all of these took effect is it certain that none that was acknowledged is missing.
 * Else as many may be, behind others that took effect: unknown.
 */
export function invariantHeld({ found, atLeast, atMost }: InvariantReading): VerdictOutcome {
  if (found === null) return "unknown";
  if (found < atLeast || found > atMost) return "fail";
  return found === atMost ? "pass" : "unknown";
}

/** Why it is not known whether an invariant held, in a sentence without its full stop; null where it is known. */
export function whyInvariantUnknown(reading: InvariantReading): string | null {
  if (invariantHeld(reading) !== "unknown") return null;
  const { title, found, atMost, problem } = reading;
  if (found === null) return `"${title}" was not read: ${(problem ?? "unknown").replace(/\.$/, "")}`;
  const hidden = formatCount(atMost - found);
  return `"${title}": up to ${hidden} may be missing behind as many of unknown outcome that took effect, and counts cannot tell`;
}
