import type { Micros } from "../../../model/clock.ts";
import type { Flight } from "./flight.ts";
import type { Refusal } from "./prepare-sessions.ts";

/** The connections to one entry, as flights see them. */
export interface Sessions {
  /** Told what became of each flight. Set by whoever begins them. */
  landed: Landed;
  /** Sends the flight now, or as soon as a connection can be had. */
  begin(flight: Flight, nowUs: Micros): void;
  /** Forgets a flight that waits (or is being dialled for). The code to fail it with, when a log-in's failure is known. */
  drop(flight: Flight): string | null;
  /** Flights that wait for a connection. */
  readonly waiting: number;
  readonly open: number;
  /** Sessions that were served since the last `forgetServed`. */
  readonly served: number;
  forgetServed(): void;
  /** Makes the first connections; what the first of those that failed said, when none could be made within the time. */
  prepare(withinMs: number): Promise<Refusal | null>;
  close(): void;
}

/** Told what became of a flight: as SessionOwner's `landed`. */
export type Landed = (
  flight: Flight,
  nowUs: Micros,
  code: string | null,
  sent: boolean,
  warning: string | null,
) => void;
