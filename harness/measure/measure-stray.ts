import type { Micros } from "../model/clock.ts";
import type { Figure, NamedFigure, StrayOutage } from "../model/measurement.ts";
import type { StreamName } from "../model/sample.ts";
import type { Samples } from "../model/samples.ts";
import { figureWithin, highestOf, knownFigures, lowestOf } from "../stats/figures.ts";
import { clip, lengthOf, subtract, type Stretch } from "../stats/stretches.ts";
import { countDue } from "./count-due.ts";
import type { InjectionWindow } from "./list-injections.ts";
import type { ServiceSeen } from "./see-service.ts";

/** A probe outside the injections' windows: what was not served there was not served by the cluster's own doing. */
export interface StrayStory {
  readonly stream: StreamName;
  readonly samples: Samples;
  readonly stray: ServiceSeen;
  /** Where the steady phase began; null when the run did not come so far. */
  readonly steadyFromUs: Micros | null;
  readonly endOfLoadUs: Micros;
}

/** Every stretch outside the injections' windows in which a probe was not served, or was not seen to be, in order. */
export function listStray({ stream, stray, steadyFromUs, endOfLoadUs }: StrayStory): StrayOutage[] {
  const steady = { fromUs: steadyFromUs ?? Infinity, toUs: Infinity };
  const outagesIn = (stretches: readonly Stretch[], inWarmup: boolean): StrayOutage[] =>
    stretches.map((stretch) => {
      const { fromUs } = stretch;
      return { stream, fromUs, seconds: secondsOf(stretch, stray, endOfLoadUs), inWarmup };
    });
  return [
    ...outagesIn(subtract(stray.notSeenServed, [steady]), true),
    ...outagesIn(clip(stray.notSeenServed, steady), false),
  ];
}

function secondsOf(stretch: Stretch, { unserved }: ServiceSeen, endOfLoadUs: Micros): Figure {
  const seen = unserved.map(({ fromUs, toUs }) => ({ fromUs, toUs: toUs ?? Infinity }));
  const within = {
    fromUs: stretch.fromUs,
    toUs: Math.max(stretch.fromUs, Math.min(stretch.toUs, endOfLoadUs)),
  };
  const seenUs = lengthOf(clip(seen, within));
  const open = stretch.toUs === Infinity && seen.some(({ toUs }) => toUs === Infinity);
  if (open) return { kind: "at-least", value: seenUs / 1e6 };
  return figureWithin(seenUs / 1e6, (within.toUs - within.fromUs) / 1e6);
}

/**
 * A probe's outages outside the injections' windows, the warm-up's left out, added up: what a target judges. Where the
 * client did not look, service may have been missing. Of many such moments the longest counts, not their sum: that a
 * cluster went away whenever nobody looked is not a doubt worth having.
 */
export function strayFigure(
  { stream, samples, steadyFromUs, endOfLoadUs }: StrayStory,
  outages: readonly StrayOutage[],
  windows: readonly InjectionWindow[],
): NamedFigure {
  const where = { metric: "stray-unavailability", of: stream, fault: null } as const;
  const quiet = subtract(
    [{ fromUs: steadyFromUs ?? Infinity, toUs: endOfLoadUs }],
    windows.map(({ faultAtUs, windowEndUs }) => ({ fromUs: faultAtUs, toUs: windowEndUs })),
  );
  const n = quiet.reduce((sum, { fromUs, toUs }) => sum + countDue(samples, fromUs, toUs), 0);
  if (n === 0) {
    const reason = "no probe was recorded in the steady phase or between injections";
    return { ...where, figure: { kind: "withheld", reason }, n };
  }
  const judged = outages.filter((outage) => outage.stream === stream && !outage.inWarmup);
  const known = knownFigures(judged.map(({ seconds }) => seconds));
  if (known.length === 0) return { ...where, figure: { kind: "value", value: 0 }, n };
  const worst = judged.toSorted((a, b) => badness(b.seconds) - badness(a.seconds))[0];
  const seen = known.reduce((sum, figure) => sum + lowestOf(figure), 0);
  const unseen = Math.max(...known.map((figure) => highestOf(figure) - lowestOf(figure)));
  return { ...where, figure: figureWithin(seen, seen + unseen), n, fromUs: worst?.fromUs };
}

/** What was seen to go unserved first, then what may have. */
function badness(figure: Figure): number {
  if (figure.kind === "withheld") return 0;
  return lowestOf(figure) * 1e6 + Math.min(highestOf(figure), 1e5);
}
