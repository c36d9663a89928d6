import type { Micros } from "../model/clock.ts";
import type { EventOf } from "../model/event.ts";
import type { Recording } from "../model/recording.ts";

/** One injection as it was carried out, and the stretch of the recording that belongs to it. */
export interface InjectionWindow {
  readonly injection: number;
  readonly fault: string;
  readonly victim: string;
  /** The nodes that were hit; of a link, those of both its ends. */
  readonly nodes: readonly string[];
  /** What the command that does the fault failed with: it may have acted before. null: it did not fail. */
  readonly commandFailed: string | null;
  readonly loopPhase: number | null;
  /** When the fault began to be done (moment `injecting`). */
  readonly faultAtUs: Micros;
  /** Start of the next injection's waiting, or the end of load. */
  readonly windowEndUs: Micros;
  /** Full redundancy was back (moment `healed`); null when it was not seen. */
  readonly healedAtUs: Micros | null;
  /** Start of the next fault, or the end of load: what happens until then is nobody else's doing. */
  readonly nextFaultUs: Micros;
  /** How long the fault was in force; null where it is nothing that is healed, or was not seen to be. */
  readonly inForceSeconds: EventOf<"injection">["inForceSeconds"] | null;
  /** Was the window watched until service or redundancy was back? If not, what was seen may not be all. */
  readonly settled: boolean;
}

/**
 * The injections whose fault was begun, in order; one that failed before that is not among them. One whose command ended
 * with an error is: it may have acted all the same, and then what went unserved is its doing.
 */
export function listInjections(recording: Recording, endOfLoadUs: Micros): InjectionWindow[] {
  const moments = recording.events.filter(
    (event): event is EventOf<"injection"> => event.kind === "injection",
  );
  return recording.plan.injections.flatMap(({ injection }): InjectionWindow[] => {
    const own = moments.filter((event) => event.injection === injection);
    const injecting = own.find(({ moment }) => moment === "injecting");
    const injected = own.find(({ moment }) => moment === "injected");
    if (injecting === undefined) return [];
    const failed = own.find(({ moment }) => moment === "failed");
    const next = moments.find((event) => event.injection > injection && event.moment === "waiting");
    const nextFault = moments.find((event) => event.injection > injection && event.moment === "injecting");
    const healed = own.find(({ moment }) => moment === "healed");
    return [
      {
        injection,
        fault: injecting.fault,
        victim: injecting.victim,
        nodes: injecting.nodes ?? [injecting.victim],
        commandFailed:
          injected === undefined && failed !== undefined ? (failed.note ?? "it gave no reason") : null,
        loopPhase: injected?.loopPhase ?? null,
        faultAtUs: injecting.atUs,
        windowEndUs: next?.atUs ?? Math.max(endOfLoadUs, injecting.atUs),
        nextFaultUs: nextFault?.atUs ?? Math.max(endOfLoadUs, injecting.atUs),
        inForceSeconds:
          own.find(({ inForceSeconds }) => inForceSeconds !== undefined)?.inForceSeconds ?? null,
        healedAtUs: healed?.atUs ?? null,
        settled: own.some(({ moment }) => moment === "recovered" || moment === "healed"),
      },
    ];
  });
}
