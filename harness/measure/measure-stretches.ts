import type { Micros } from "../model/clock.ts";
import { injectionTitle, steadyPhase } from "../model/figure-names.ts";
import type { StretchBottlenecks } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { findBottlenecks } from "./bottleneck/find-bottlenecks.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { InjectionWindow } from "./list-injections.ts";

/**
 * What was full in the steady phase, before anything was done, and from each fault until the cluster was whole again (or
 * its window's end, where it was not): a machine that was full meanwhile delays elections, replay and the client itself.
 * Of an injection only the machine and its containers count: clients that queue at a pooler, and statements that wait,
 * are what an outage looks like, and not its cause.
 */
export function measureStretches(
  { events, resources }: Pick<Recording, "events" | "resources">,
  windows: readonly InjectionWindow[],
  endOfLoadUs: Micros,
): readonly StretchBottlenecks[] {
  // A reading speaks of the second before it.
  const within = (fromUs: Micros, toUs: Micros) =>
    resources.filter(({ atUs }) => atUs > fromUs && atUs <= toUs);
  const steady = steadyPhaseOf(events, endOfLoadUs);
  return [
    ...(steady === null
      ? []
      : [{ of: steadyPhase, bottlenecks: findBottlenecks(within(steady.fromUs, steady.toUs), null) }]),
    ...windows.map(({ fault, injection, faultAtUs, healedAtUs, windowEndUs }) => ({
      of: injectionTitle(fault, injection),
      bottlenecks: findBottlenecks(within(faultAtUs, healedAtUs ?? windowEndUs).filter(isOfMachine), null),
    })),
  ];
}

/** The undisturbed load before the first fault; null: the run did not come so far. */
export function steadyPhaseOf(
  events: Recording["events"],
  endOfLoadUs: Micros,
): { readonly fromUs: Micros; readonly toUs: Micros } | null {
  const phases = events.filter((event) => event.kind === "phase");
  const steady = phases.findIndex(({ phase }) => phase === "steady");
  const fromUs = phases[steady]?.atUs;
  return fromUs === undefined ? null : { fromUs, toUs: phases[steady + 1]?.atUs ?? endOfLoadUs };
}

function isOfMachine({ kind }: ResourceReading): boolean {
  return kind === "machine" || kind === "container";
}
