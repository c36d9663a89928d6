import type { Micros } from "../../../model/clock.ts";
import type { Value } from "../../../workloads/draw-values.ts";
import type { Lane } from "./lane.ts";
import type { PhaseBook } from "./phase-book.ts";
import type { Session } from "./session.ts";

/** One operation on its way, from the moment it is due until its outcome is known. Used again and again. */
export interface Flight {
  /** Its number in the run. */
  id: number;
  lane: Lane;
  /** Where it counts: by its intended start. */
  book: PhaseBook;
  intendedUs: Micros;
  deadlineUs: Micros;
  /** When the sender looked at its schedule and found it due. */
  noticedUs: Micros;
  /** Start of its first attempt; -1: nothing was sent yet. */
  sentUs: Micros;
  /** Start of its last attempt. */
  startUs: Micros;
  /** With the one under way. */
  attempts: number;
  /** Whatever becomes of this attempt: it cannot have taken effect (a transaction that did not come to its commit). */
  harmless: boolean;
  /** An earlier attempt may have taken effect. */
  doubtful: boolean;
  /** Values of its variables, in their order. */
  readonly drawn: Value[];
  /** Rows of a COPY. */
  text: string;
  /** Of a transaction: which statement is under way. */
  step: number;
  /** Of a transaction that is being rolled back: why. */
  failure: string | null;
  /** What it runs on, or is being dialled for; null while it waits. */
  session: Session | null;
  /** Of a closed shape: whose operation it is; -1 for an open one. */
  client: number;
  /** Neighbours among those with the same time-out. */
  earlier: Flight | null;
  later: Flight | null;
}

export function newFlight(lane: Lane, book: PhaseBook): Flight {
  return {
    id: 0,
    lane,
    book,
    intendedUs: 0,
    deadlineUs: 0,
    noticedUs: 0,
    sentUs: -1,
    startUs: 0,
    attempts: 0,
    harmless: false,
    doubtful: false,
    drawn: [],
    text: "",
    step: 0,
    failure: null,
    session: null,
    client: -1,
    earlier: null,
    later: null,
  };
}
