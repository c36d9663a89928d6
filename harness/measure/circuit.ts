import type { Micros } from "../model/clock.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import type { Figure } from "../model/measurement.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** HAProxy as a circuit breaker in front of an injection's victim. Seconds. */
export interface Circuit {
  readonly open: Figure;
  readonly closed: Figure;
}

/**
 * From the fault to the victim's server being down in every backend of HAProxy that had it up, and from the beginning
 * of healing to its being up in one again and staying so. null: HAProxy does not check the victim.
 */
export function circuitOf(
  { injection, victim, faultAtUs, windowEndUs }: InjectionWindow,
  events: readonly ClusterEvent[],
): Circuit | null {
  const told = events.filter(
    (event): event is EventOf<"proxy-server"> => event.kind === "proxy-server" && event.server === victim,
  );
  if (told.length === 0) return null;
  const healingUs =
    events.find(
      (event) => event.kind === "injection" && event.injection === injection && event.moment === "healing",
    )?.atUs ?? null;
  const openUs = openAt(told, faultAtUs, windowEndUs);
  if (openUs === null) {
    const watchedUs = Math.min(healingUs ?? windowEndUs, windowEndUs) - faultAtUs;
    return {
      open: { kind: "at-least", value: Math.max(0, watchedUs) / 1e6 },
      closed: { kind: "withheld", reason: `HAProxy did not mark ${victim} down` },
    };
  }
  return {
    open: { kind: "value", value: (openUs - faultAtUs) / 1e6 },
    closed: closedAfter(told, { openUs, healingUs, windowEndUs }),
  };
}

/** When the last backend that had the server up at the fault marked it down; null: one never did. */
function openAt(
  told: readonly EventOf<"proxy-server">[],
  faultAtUs: Micros,
  windowEndUs: Micros,
): Micros | null {
  const before = new Map<string, boolean>();
  for (const { atUs, backend, up } of told) if (atUs < faultAtUs) before.set(backend, up);
  const carrying = [...before].filter(([, up]) => up).map(([backend]) => backend);
  const downAt = carrying.map(
    (backend) =>
      told.find(
        (event) =>
          event.backend === backend && !event.up && event.atUs >= faultAtUs && event.atUs < windowEndUs,
      )?.atUs ?? null,
  );
  if (downAt.length === 0) return null;
  return downAt.reduce<Micros | null>(
    (latest, atUs) => (latest === null || atUs === null ? null : Math.max(latest, atUs)),
    0,
  );
}

function closedAfter(
  told: readonly EventOf<"proxy-server">[],
  {
    openUs,
    healingUs,
    windowEndUs,
  }: { readonly openUs: Micros; readonly healingUs: Micros | null; readonly windowEndUs: Micros },
): Figure {
  if (healingUs === null) return { kind: "withheld", reason: "nothing was healed" };
  const after = told.filter(({ atUs }) => atUs >= openUs && atUs < windowEndUs);
  // HAProxy says "UP 1/3" of a server that comes out of maintenance before any check: it stays up, or was never closed.
  const up = after.find(
    (event) =>
      event.up &&
      !after.some((later) => later.backend === event.backend && !later.up && later.atUs > event.atUs),
  );
  return up === undefined
    ? { kind: "at-least", value: Math.max(0, windowEndUs - healingUs) / 1e6 }
    : { kind: "value", value: Math.max(0, up.atUs - healingUs) / 1e6 };
}
