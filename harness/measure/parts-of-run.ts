import type { Micros } from "../model/clock.ts";
import type { EventOf } from "../model/event.ts";
import type { LatencyMeasurement } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** Which part of the run a moment belongs to; null for none (before the load, and waiting between recovery and fault). */
export type PartOf = (atUs: Micros) => LatencyMeasurement["part"] | null;

/**
 * Cuts a run into warm-up, before (the steady phase), during (each fault to its recovery phase) and after (the recovery
 * phases). The wait for full redundancy before a fault is none of them: it is neither disturbed nor sure to be quiet.
 */
export function partsOfRun(recording: Recording, injections: readonly InjectionWindow[]): PartOf {
  const faultAt = new Map(injections.map(({ injection, faultAtUs }) => [injection, faultAtUs]));
  const phases = recording.events.filter((event): event is EventOf<"phase"> => event.kind === "phase");
  const cuts: { readonly fromUs: Micros; readonly part: LatencyMeasurement["part"] | null }[] = [];
  for (const { atUs, phase, injection } of phases) {
    switch (phase) {
      case "warmup":
        cuts.push({ fromUs: atUs, part: "warmup" });
        break;
      case "steady":
        cuts.push({ fromUs: atUs, part: "before" });
        break;
      case "fault": {
        const struckUs = injection === null ? undefined : faultAt.get(injection);
        cuts.push({ fromUs: atUs, part: null });
        if (struckUs !== undefined) cuts.push({ fromUs: Math.max(atUs, struckUs), part: "during" });
        break;
      }
      case "recovery":
        cuts.push({ fromUs: atUs, part: "after" });
        break;
    }
  }
  cuts.sort((a, b) => a.fromUs - b.fromUs);
  return (atUs) => {
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cuts[middle]?.fromUs ?? Infinity) <= atUs) low = middle + 1;
      else high = middle;
    }
    return cuts[low - 1]?.part ?? null;
  };
}
