import type { BandTerm } from "../../model/advice.ts";

/** Nobody is disconnected and nobody waits. */
export function reloadTerms(): BandTerm[] {
  return [
    {
      name: "every process reads its configuration again",
      lowSeconds: 0,
      highSeconds: 0,
      because:
        "SIGHUP closes no connection, and a session takes the new settings after the command that it is at (PostgreSQL " +
        "manual, Parameter Interaction via the Configuration File).",
    },
  ];
}
