import type { Micros } from "../../../../model/clock.ts";
import type { AnswerRow } from "../../../protocol/answer-row.ts";
import type { Value } from "../../../../workloads/draw-values.ts";
import type { CompiledOperation } from "./compile-operation.ts";
import type { Refusal } from "./refusal.ts";
import type { EngineConnection, EnterBegun } from "../../../wire/engine-connection.ts";
import type { FreeConnections } from "./free-connections.ts";

/** One operation on its way, from the moment it is due until its outcome is known. Used again and again. */
export interface InFlight {
  /** Its number in the run. */
  id: number;
  route: Route;
  intendedUs: Micros;
  deadlineUs: Micros;
  /** When the sender looked at its schedule and found it due. */
  noticedUs: Micros;
  /** How long the sender had stood still before, in all (StallWatch.totalUs). */
  stoodStillBeforeUs: number;
  /** It began while the sender was catching up after a stall. */
  catchingUp: boolean;
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
  text: string | Buffer;
  /** The first row of its answer, where its statement keeps it. */
  row: readonly (string | null)[] | null;
  /** All rows of its answer, where it is one in so many whose rows are kept. */
  rows: readonly (readonly (string | null)[])[] | null;
  /** Of a transaction: which statement is under way. */
  step: number;
  /** Of a transaction that is being rolled back: why. */
  failure: string | null;
  /** What it runs on, or is being dialled for; null while it waits. */
  session: Carrier | null;
  /** Of a closed shape: whose operation it is; -1 for an open one. */
  client: number;
  /** Neighbours among those with the same time-out. */
  earlier: InFlight | null;
  later: InFlight | null;
}

/** How the operations of one kind are sent: what they run, over which sessions, within which time. */
export interface Route {
  readonly operation: CompiledOperation;
  readonly sessions: Sessions;
  /** Of a stage, shared by all routes with the same time-out; of a stream its own. */
  readonly deadlines: InFlightList;
  readonly timeoutUs: Micros;
  /** Keeps some of its answers; left out: they are not looked at. */
  readonly answers?: AnswersKept | undefined;
}

/** Keeps some of the answers whose rows were read. */
export interface AnswersKept {
  offer(inFlight: InFlight): void;
  /** What was kept since the last call. */
  take(): readonly AnswerRow[];
}

/** Operations in flight with one time-out, in the order of their deadlines. */
export interface InFlightList {
  readonly length: number;
  readonly first: InFlight | null;
  add(inFlight: InFlight): void;
  remove(inFlight: InFlight): void;
  /** The first one whose deadline has passed; null: none. */
  passed(nowUs: Micros): InFlight | null;
}

/** What an operation runs on. */
export interface Carrier {
  /** null: it is lost, and not dialled again yet. */
  readonly connection: EngineConnection | null;
  /** Whether an operation can be sent on it now; only then the next three. */
  readonly idle: boolean;
  send(inFlight: InFlight, nowUs: Micros): void;
  /** Another thread has sent the operation, but for `rest`. `sent`: something went out. */
  sentElsewhere(inFlight: InFlight, sent: boolean, rest: Buffer | null): void;
  /** It was taken for an operation that is not sent: it is another's. */
  passOn(nowUs: Micros): void;
  /** The operation's time is over: ends the connection with it. */
  expire(inFlight: InFlight): void;
}

/** The connections to one entry, as operations see them. */
export interface Sessions {
  /** Told what became of each operation. Set by whoever begins them. */
  completed: Completed;
  /** Asked for before anything is read or lost. Set by the same. */
  enterBegun: EnterBegun;
  /** Of those that other threads may take; not given: none are. */
  readonly free?: FreeConnections<Carrier>;
  /** Sends the operation now, or as soon as a connection can be had. */
  begin(inFlight: InFlight, nowUs: Micros): void;
  /** Forgets an operation that waits (or is being dialled for). The code to fail it with, when a log-in's failure is known. */
  drop(inFlight: InFlight): string | null;
  /** Operations in flight that wait for a connection. */
  readonly waiting: number;
  readonly open: number;
  /**
   * Adds the places (the clients of own sessions) that were served since the last `forgetServed`: a client that has a
   * session at each of two entries is one client.
   */
  addServed(places: Set<number>): void;
  forgetServed(): void;
  /** Makes the first connections; what the first of those that failed said, when none could be made within the time. */
  prepare(withinMs: number): Promise<Refusal | null>;
  close(): void;
}

/** Told what became of an operation: as SessionOwner's `completed`. */
export type Completed = (
  inFlight: InFlight,
  nowUs: Micros,
  code: string | null,
  sent: boolean,
  warning: string | null,
) => void;

export function newInFlight(route: Route): InFlight {
  return {
    id: 0,
    route,
    intendedUs: 0,
    deadlineUs: 0,
    noticedUs: 0,
    stoodStillBeforeUs: 0,
    catchingUp: false,
    sentUs: -1,
    startUs: 0,
    attempts: 0,
    harmless: false,
    doubtful: false,
    drawn: [],
    text: "",
    row: null,
    rows: null,
    step: 0,
    failure: null,
    session: null,
    client: -1,
    earlier: null,
    later: null,
  };
}
