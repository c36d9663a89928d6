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
}

/** Words of the list: a lock (word 0), the line's beginning and length; then, by place, the line and what is known of each. */
export const HEAD = 1;
export const COUNT = 2;
export const LINE = 3;

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
 *   words: lock | head | count | line of places | descriptors | statements prepared | being written to
 *
 * The lock is held for some ten nanoseconds at a time. A descriptor is never closed while the other thread writes to it:
 * its number could be another connection's by then.
 */
export class FreeConnections<Kind extends OnConnection> implements ConnectionLine {
  readonly shared: SharedFreeConnections;
  readonly #words: Int32Array;
  readonly #places: number;
  readonly #newestFirst: boolean;
  /** By place: who is there; null: nobody. */
  readonly #held: (Held<Kind> | null)[];
  /** Places where nobody is. */
  readonly #spare: number[];

  /** `newestFirst`: the one that was free last is next, as poolers do it; else the one that has been free longest. */
  constructor(
    places: number,
    { newestFirst, dials }: { readonly newestFirst: boolean; readonly dials: boolean },
  ) {
    this.#places = places;
    this.#newestFirst = newestFirst;
    this.#held = new Array<Held<Kind> | null>(places).fill(null);
    this.#spare = Array.from({ length: places }, (_, place) => places - 1 - place);
    this.shared = { words: new SharedArrayBuffer(4 * (LINE + 4 * places)), places, newestFirst, dials };
    this.#words = new Int32Array(this.shared.words);
  }

  get length(): number {
    return Atomics.load(this.#words, COUNT);
  }

  /** Puts a session that is idle into the line. Whether there was room. */
  give(session: Kind): boolean {
    const { connection } = session;
    const place = this.#spare.pop();
    if (place === undefined || connection === null) return false;
    const words = this.#words;
    const direct = connection.direct ?? null;
    this.#held[place] = { session, connection };
    words[LINE + this.#places + place] = direct?.descriptor ?? -1;
    words[LINE + 2 * this.#places + place] = direct?.prepared ?? 0;
    if (direct !== null) {
      direct.line = this;
      direct.place = place;
    }
    this.#lock();
    const count = words[COUNT] ?? 0;
    words[LINE + (((words[HEAD] ?? 0) + count) % this.#places)] = place;
    words[COUNT] = count + 1;
    this.#unlock();
    return true;
  }

  /** Takes the next one; null: there is none. */
  take(): Kind | null {
    const words = this.#words;
    this.#lock();
    const count = words[COUNT] ?? 0;
    const head = words[HEAD] ?? 0;
    if (count === 0) {
      this.#unlock();
      return null;
    }
    const place = words[LINE + ((this.#newestFirst ? head + count - 1 : head) % this.#places)] ?? 0;
    words[COUNT] = count - 1;
    if (!this.#newestFirst) words[HEAD] = (head + 1) % this.#places;
    this.#unlock();
    return this.enter(place).session;
  }

  /** What the other thread has taken and begun on it is entered as anything else. */
  withdraw(place: number): void {
    const words = this.#words;
    this.#lock();
    const count = words[COUNT] ?? 0;
    const head = words[HEAD] ?? 0;
    let left = 0;
    for (let index = 0; index < count; index += 1) {
      const other = words[LINE + ((head + index) % this.#places)] ?? 0;
      if (other !== place) words[LINE + ((head + left++) % this.#places)] = other;
    }
    words[COUNT] = left;
    this.#unlock();
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

  /** What was written is among what has begun when this returns. */
  awaitWriting(place: number): void {
    const writing = LINE + 3 * this.#places + place;
    for (let looks = 0; looks < WRITE_ENDS_WITHIN_LOOKS; looks += 1)
      if (Atomics.wait(this.#words, writing, 1, 0.02) === "not-equal") return;
  }

  #lock(): void {
    lock(this.#words);
  }

  #unlock(): void {
    unlock(this.#words);
  }
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
 * A lock of three states (0 free, 1 held, 2 held and waited for: Drepper, Futexes Are Tricky, "Mutex, Take 2"). Written so
 * that its text can run in the pacing thread as well.
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
