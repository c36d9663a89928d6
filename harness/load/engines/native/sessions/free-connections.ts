import type { ConnectionLine, EngineConnection } from "../../../wire/engine-connection.ts";

/** What the pacing thread is shown of a list of free connections: see FreeConnections. */
export interface SharedFreeConnections {
  readonly words: SharedArrayBuffer;
  readonly places: number;
  readonly newestFirst: boolean;
  /**
   * Whether the main thread must hear at once of an operation that found none: it dials for it. Else the next answer, or the
   * next sweep, is soon enough.
   */
  readonly dials: boolean;
  readonly at: Offsets;
}

/** Where in the words stands what; the last four by place. Word 0 is the lock. */
interface Offsets {
  /** Where the line begins in its ring. */
  readonly head: number;
  readonly count: number;
  readonly line: number;
  readonly descriptors: number;
  /** Bits of the statements that are prepared. */
  readonly statements: number;
  /** 1: the pacing thread is writing to it. */
  readonly writing: number;
}

/**
 * A write of the pacing thread is a call that does not wait. Looked for so many times, at least 0.02 ms apart: a frozen
 * process looks at nothing, so this is time in which the other thread could have run.
 */
const WRITE_ENDS_WITHIN_LOOKS = 50_000;

/**
 * Sessions that wait for an operation, in memory that the pacing thread sees: it takes a connection there, and writes to
 * its descriptor by itself. Each session that is in the line, or was taken from it by that thread and not entered yet, has
 * a place: a number from 0.
 *
 *   words: lock | head | count | line of places | descriptors | statements prepared | being written to   (see Offsets)
 *
 * The lock is held for some ten nanoseconds at a time. A descriptor is never closed while the other thread writes to it:
 * its number could be another connection's by then.
 */
export class FreeConnections<Kind extends OnConnection> implements ConnectionLine {
  readonly shared: SharedFreeConnections;
  readonly #line: Line;
  /** By place: who is there; null: nobody. */
  readonly #held: (Held<Kind> | null)[];
  /** Places where nobody is. */
  readonly #spare: number[];

  /** `newestFirst`: the one that was free last is next, as poolers do it; else the one that has been free longest. */
  constructor(
    places: number,
    { newestFirst, dials }: { readonly newestFirst: boolean; readonly dials: boolean },
  ) {
    this.#held = new Array<Held<Kind> | null>(places).fill(null);
    this.#spare = Array.from({ length: places }, (_, place) => places - 1 - place);
    const line = 3;
    const at = {
      head: 1,
      count: 2,
      line,
      descriptors: line + places,
      statements: line + 2 * places,
      writing: line + 3 * places,
    };
    const words = new SharedArrayBuffer(4 * (line + 4 * places));
    this.shared = { words, places, newestFirst, dials, at };
    this.#line = { places, newestFirst, at, words: new Int32Array(words) };
  }

  get length(): number {
    return Atomics.load(this.#line.words, this.#line.at.count);
  }

  /** Puts a session that is idle into the line. Whether there was room. */
  give(session: Kind): boolean {
    const { connection } = session;
    const place = connection === null ? undefined : this.#spare.pop();
    if (place === undefined || connection === null) return false;
    const { words, places, at } = this.#line;
    const direct = connection.direct ?? null;
    this.#held[place] = { session, connection };
    words[at.descriptors + place] = direct?.descriptor ?? -1;
    words[at.statements + place] = direct?.prepared ?? 0;
    if (direct !== null) {
      direct.line = this;
      direct.place = place;
    }
    lock(words);
    const count = words[at.count] ?? 0;
    words[at.line + (((words[at.head] ?? 0) + count) % places)] = place;
    words[at.count] = count + 1;
    unlock(words);
    return true;
  }

  /** Takes the next one; null: there is none. */
  take(): Kind | null {
    const place = takePlace(this.#line, locks, false);
    return place === -1 ? null : this.enter(place).session;
  }

  /** What the other thread has taken and begun on it is entered as anything else. */
  withdraw(place: number): void {
    const { words, places, at } = this.#line;
    lock(words);
    const count = words[at.count] ?? 0;
    const head = words[at.head] ?? 0;
    let left = 0;
    for (let index = 0; index < count; index += 1) {
      const other = words[at.line + ((head + index) % places)] ?? 0;
      if (other !== place) words[at.line + ((head + left++) % places)] = other;
    }
    words[at.count] = left;
    unlock(words);
    if (left < count) this.enter(place);
    else this.awaitWriting(place);
  }

  /** A session whose connection is lost leaves the line, if it is there. */
  forget(session: Kind): void {
    const place = this.#held.findIndex((held) => held?.session === session);
    if (place !== -1) this.withdraw(place);
  }

  /** Who was taken from the line at this place; the place is free again. */
  enter(place: number): Held<Kind> {
    const held = this.#held[place];
    if (held == null) throw new Error(`Expected a connection at place ${place}, found none`);
    this.#held[place] = null;
    this.#spare.push(place);
    const { direct } = held.connection;
    if (direct !== undefined) direct.line = null;
    return held;
  }

  /** The connection at this place, in the line or taken by the other thread; null: there is none. */
  connectionAt(place: number): EngineConnection | null {
    return this.#held[place]?.connection ?? null;
  }

  /** What was written is among what has begun when this returns. */
  awaitWriting(place: number): void {
    const { words, at } = this.#line;
    for (let looks = 0; looks < WRITE_ENDS_WITHIN_LOOKS; looks += 1)
      if (Atomics.wait(words, at.writing + place, 1, 0.02) === "not-equal") return;
  }
}

/** A line as each of the threads has it before it. */
interface Line extends Pick<SharedFreeConnections, "places" | "newestFirst" | "at"> {
  readonly words: Int32Array;
}

interface Locks {
  readonly lock: typeof lock;
  readonly unlock: typeof unlock;
}

/** What may be put into the line. */
interface OnConnection {
  readonly connection: EngineConnection | null;
}

/** A session that was put into the line, with the connection that it had then. */
export interface Held<Kind extends OnConnection> {
  readonly session: Kind;
  readonly connection: EngineConnection;
}

/**
 * Takes the place that is next out of the line, and marks it as being written to where `writes`; -1: none is there. Uses
 * nothing but its parameters, as lock and unlock do: the pacing thread runs its text.
 */
export function takePlace({ words, places, newestFirst, at }: Line, locks: Locks, writes: boolean): number {
  if (Atomics.load(words, at.count) === 0) return -1;
  locks.lock(words);
  const count = words[at.count] ?? 0;
  const head = words[at.head] ?? 0;
  if (count === 0) {
    locks.unlock(words);
    return -1;
  }
  const place = words[at.line + ((newestFirst ? head + count - 1 : head) % places)] ?? 0;
  words[at.count] = count - 1;
  if (!newestFirst) words[at.head] = (head + 1) % places;
  if (writes) Atomics.store(words, at.writing + place, 1);
  locks.unlock(words);
  return place;
}

/**
 * A lock of three states (0 free, 1 held, 2 held and waited for: Drepper, Futexes Are Tricky, "Mutex, Take 2").
 */
export function lock(words: Int32Array): void {
  let was = Atomics.compareExchange(words, 0, 0, 1);
  while (was !== 0) {
    if (was === 2 || Atomics.compareExchange(words, 0, 1, 2) !== 0) Atomics.wait(words, 0, 2);
    was = Atomics.compareExchange(words, 0, 0, 2);
  }
}

export function unlock(words: Int32Array): void {
  if (Atomics.sub(words, 0, 1) === 1) return;
  Atomics.store(words, 0, 0);
  Atomics.notify(words, 0, 1);
}

const locks: Locks = { lock, unlock };
