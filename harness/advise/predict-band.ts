import type { BandTerm, EffectiveTiming, FailureClass, PredictedBand } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import { nodeLossTerms } from "./terms/node-loss.ts";
import { plannedTerms } from "./terms/planned.ts";
import { failoverAfterCrashTerms, restartInPlaceTerms } from "./terms/process-crash.ts";

/**
 * The band in which writes will be unavailable after one fault on the coordinators' primary: the sum of its terms'
 * lows and highs, seconds. The high end is the worst case of every term at once, so most runs end well below it.
 */
export function predictBand(
  topology: Topology,
  timing: EffectiveTiming,
  fault: Pick<FaultDescription, "name" | "failureClass">,
): PredictedBand {
  const terms = termsOf(topology, timing, fault.failureClass);
  return {
    fault: fault.name,
    failureClass: fault.failureClass,
    lowSeconds: sum(terms.map(({ lowSeconds }) => lowSeconds)),
    highSeconds: sum(terms.map(({ highSeconds }) => highSeconds)),
    terms,
  };
}

function termsOf(topology: Topology, timing: EffectiveTiming, failureClass: FailureClass): BandTerm[] {
  switch (failureClass) {
    case "planned":
      return plannedTerms(topology, timing);
    case "process-crash":
      return topology.patroni.primaryStartTimeout === 0
        ? failoverAfterCrashTerms(topology, timing)
        : restartInPlaceTerms(topology, timing);
    case "node-loss":
    case "node-pause":
    case "network-isolation":
      return nodeLossTerms(topology, timing, failureClass);
  }
}

/** To the millisecond, so that 0.1 + 0.2 reads as 0.3. */
function sum(seconds: readonly number[]): number {
  return Math.round(seconds.reduce((total, each) => total + each, 0) * 1000) / 1000;
}
