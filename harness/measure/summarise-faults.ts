import {
  type FaultSummary,
  type Figure,
  type HopName,
  hopNames,
  type InjectionMeasurement,
} from "../model/measurement.ts";
import { distribution } from "./distribution.ts";
import { knownFigures, lowestOf, sumOfFigures } from "../stats/figures.ts";

/**
 * Figures of each kind of fault over its injections, in order of first injection. What hit victims of several roles is
 * told apart by role: the loss of a standby is not that of a primary.
 */
export function summariseFaults(injections: readonly InjectionMeasurement[]): FaultSummary[] {
  const faults = [...new Set(injections.map(({ fault }) => fault))];
  const kinds = faults.flatMap((fault) => {
    const roles = new Set(injections.filter((each) => each.fault === fault).map(({ role }) => role));
    return [...roles].map((role) => ({ fault, role }));
  });
  return kinds.map(({ fault, role }) => {
    const own = injections.filter((injection) => injection.fault === fault && injection.role === role);
    return {
      fault,
      role,
      writeUnavailabilitySeconds: distribution(own.map((each) => each.writeUnavailabilitySeconds)),
      readUnavailabilitySeconds: distribution(own.map((each) => each.readUnavailabilitySeconds)),
      timeToFullRedundancySeconds: distribution(own.map((each) => each.timeToFullRedundancySeconds)),
      hopMedianSeconds: hopMedians(own),
      lostWrites: sumFigures(own.map(({ lostWrites }) => lostWrites)),
    };
  });
}

function hopMedians(injections: readonly InjectionMeasurement[]): Record<HopName, Figure> {
  const entries = hopNames.map((name) => {
    const took = injections.flatMap(({ hops }) => hops.filter(({ hop }) => hop === name));
    return [name, distribution(took.map(({ tookSeconds }) => tookSeconds)).median] as const;
  });
  return Object.fromEntries(entries) as Record<HopName, Figure>;
}

/** "At least" when a part is missing and something was found; withheld when a part is missing and nothing was. */
function sumFigures(figures: readonly Figure[]): Figure {
  const known = knownFigures(figures);
  const sum = sumOfFigures(known);
  const value = lowestOf(sum);
  if (known.length === figures.length) return sum;
  if (value > 0) return { kind: "at-least", value };
  return {
    kind: "withheld",
    reason: `${figures.length - known.length} of ${figures.length} injections were not judged`,
  };
}
