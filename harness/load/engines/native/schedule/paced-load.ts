import type { Micros } from "../../../../model/clock.ts";
import type { EngineConnection } from "../../../wire/engine-connection.ts";
import { BindMessage } from "../../../wire/bind-message.ts";
import { parseMessage } from "../../../wire/parse-message.ts";
import type { LoadSource, Outlet } from "../sender.ts";
import type { FreeConnections } from "../sessions/free-connections.ts";
import type { Carrier, InFlight, Route } from "../sessions/in-flight.ts";
import type { OpenSchedule } from "./open-schedule.ts";
import type { Pace } from "./pace.ts";
import {
  BUSY_SINCE,
  COUNTERS,
  MESSAGE_ROOM,
  newSharedSchedule,
  PENDING,
  ROOM,
  ROWS,
  startPacingThread,
  stopPacing,
  TIMES,
  TURNS,
} from "./pacing-thread.ts";

/** Operations that are due later than this are not drawn yet: a slow stream of large rows would fill the memory. */
const DRAWN_AHEAD_US = 1_000_000;
const DRAWN_AT_ONCE = 4;
/** The row before those that are known may still be written. */
const MOST_KNOWN = ROOM - 1;
/** Texts of COPY that are drawn ahead at most: each may have thousands of rows. */
const COPIES_AHEAD = 8;

/**
 * Begins operations when the schedule says so, whatever became of earlier ones. A thread of its own sends them; this one
 * draws them ahead of their time, and enters what that one has begun: whenever it is woken, before it reads an answer,
 * before a connection ends, and at each sweep. Until the thread is there, and while every connection is busy, this one begins
 * them itself: see TURNS.
 */
export class PacedLoad implements LoadSource {
  readonly isOpen = true;
  readonly #schedule: OpenSchedule;
  readonly #startedUs: Micros;
  readonly #nowUs: () => Micros;
  readonly #outlet: Outlet;
  readonly #shared = newSharedSchedule();
  readonly #counters = new Int32Array(this.#shared.counters);
  readonly #times = new Float64Array(this.#shared.times);
  readonly #rows = new Int32Array(this.#shared.rows);
  readonly #messages = new Uint8Array(this.#shared.messages);
  /** By row. */
  readonly #drawn = new Array<InFlight | null>(ROOM).fill(null);
  readonly #lists: readonly FreeConnections<Carrier>[];
  readonly #composers = new Map<Route, Composer>();
  #filled = 0;
  #entered = 0;
  readonly #leavesTurn: boolean;
  #stopped = false;
  /** The other thread is there, and has had its turn. */
  #paced = false;
  #copiesAhead = 0;

  /** `schedule`: from `startedUs` on. */
  constructor(options: {
    readonly schedule: OpenSchedule;
    readonly startedUs: Micros;
    readonly routes: readonly Route[];
    readonly nowUs: () => Micros;
    readonly outlet: Outlet;
  }) {
    const { schedule, startedUs, routes, nowUs, outlet } = options;
    this.#schedule = schedule;
    this.#startedUs = startedUs;
    this.#nowUs = nowUs;
    this.#outlet = outlet;
    const lists = new Set<FreeConnections<Carrier>>();
    for (const { sessions } of routes) if (sessions.free !== undefined) lists.add(sessions.free);
    this.#lists = [...lists];
    this.#times[BUSY_SINCE] = Infinity;
    const [only] = this.#lists;
    this.#leavesTurn = only?.shared.dials === false && routes.every(({ sessions }) => sessions.free === only);
    for (const route of routes)
      this.#composers.set(route, new Composer(route, route.sessions.free, this.#lists));
    this.#fill(ROOM);
  }

  startPace(onError: (error: Error) => void): Pace {
    const thread = startPacingThread({
      schedule: this.#shared,
      lists: this.#lists.map(({ shared }) => shared),
      leavesTurn: this.#leavesTurn,
      nowUs: this.#nowUs,
      onWake: () => this.beginDue(),
      onError,
    });
    return { look: () => this.beginDue(), stop: () => thread.stop() };
  }

  /** Enters what has begun. The thread knows by itself when the next is due. */
  beginDue(): Micros {
    this.enterBegun();
    this.#fill(ROOM);
    return Infinity;
  }

  /** Enters what has begun, and begins what is due where that is this thread's to do. */
  enterBegun(answered: EngineConnection | null = null): void {
    const begins = this.#takeTurn();
    this.#enterAll(answered);
    if (begins) this.#beginHere();
  }

  #enterAll(answered: EngineConnection | null): void {
    for (;;) {
      if (this.#entered === Atomics.load(this.#counters, COUNTERS.begun)) return;
      const row = this.#entered & (ROOM - 1);
      // Only the last one that has begun may be so. What is answered was written, whole.
      if (Atomics.load(this.#rows, row * ROWS.width + ROWS.written) === PENDING && !this.#isOn(answered, row))
        return;
      // Before anything else: what follows may come back here.
      this.#entered = (this.#entered + 1) | 0;
      this.#enter(row);
    }
  }

  /** What is drawn here is spread over the answers, each of which has been timed by now. */
  completed(): boolean {
    this.#fill(DRAWN_AT_ONCE);
    return false;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    stopPacing(this.#counters);
  }

  get thread(): number | null {
    const thread = Atomics.load(this.#counters, COUNTERS.thread);
    return thread === 0 ? null : thread;
  }

  /** Intended start of what begins next: everything before it has begun. */
  get nextDueUs(): Micros {
    return this.#quiet ? Infinity : this.nextIntendedUs;
  }

  /** The same, whether it was stopped or not. */
  get nextIntendedUs(): Micros {
    if (this.#entered === this.#filled) return this.#startedUs + this.#schedule.dueUs;
    return this.#times[(this.#entered & (ROOM - 1)) * TIMES.width + TIMES.due] ?? Infinity;
  }

  get done(): boolean {
    return this.nextDueUs === Infinity;
  }

  /** Stopped, and nothing is being begun any more. */
  get #quiet(): boolean {
    const ended = !this.#paced || Atomics.load(this.#counters, COUNTERS.ended) === 1;
    return this.#stopped && ended && this.#entered === Atomics.load(this.#counters, COUNTERS.begun);
  }

  /** Begins what is due in this thread, and leaves the rest to the other one as soon as that is there and can send. */
  #beginHere(): void {
    for (;;) {
      const row = this.#entered & (ROOM - 1);
      const nowUs = this.#nowUs();
      if (this.#stopped || this.#entered === this.#filled) break;
      const dueUs = this.#times[row * TIMES.width + TIMES.due] ?? 0;
      if (dueUs > nowUs) break;
      // Since then there has been no connection that this one did not use at once: what has become due has waited for one.
      const busySinceUs = this.#times[BUSY_SINCE] ?? Infinity;
      this.#times[row * TIMES.width + TIMES.begun] = Math.min(nowUs, Math.max(dueUs, busySinceUs));
      this.#rows[row * ROWS.width + ROWS.place] = -1;
      this.#rows[row * ROWS.width + ROWS.written] = -1;
      Atomics.store(this.#counters, COUNTERS.begun, (this.#entered + 1) | 0);
      this.#enterAll(null);
      this.#fill(DRAWN_AT_ONCE);
    }
    this.#passTurn();
  }

  /** Not while this thread has it already; and the other one may take its own back just now. */
  #takeTurn(): boolean {
    return Atomics.compareExchange(this.#counters, COUNTERS.turn, TURNS.main, TURNS.taken) === TURNS.main;
  }

  #passTurn(): void {
    const ready = !this.#stopped && Atomics.load(this.#counters, COUNTERS.ready) === 1;
    const busy = this.#leavesTurn && this.#lists[0]?.length === 0;
    const passes = ready && !busy;
    if (!busy) this.#times[BUSY_SINCE] = Infinity;
    else if (this.#times[BUSY_SINCE] === Infinity) this.#times[BUSY_SINCE] = this.#nowUs();
    Atomics.store(this.#counters, COUNTERS.turn, passes ? TURNS.pacing : TURNS.main);
    if (!passes) return;
    this.#paced = true;
    Atomics.notify(this.#counters, COUNTERS.turn);
  }

  #enter(row: number): void {
    const inFlight = this.#drawn[row];
    if (inFlight == null) throw new Error("Expected an operation that was drawn, found none");
    this.#drawn[row] = null;
    if (inFlight.route.operation.definition.form === "copy") this.#copiesAhead -= 1;
    const intendedUs = this.#times[row * TIMES.width + TIMES.due] ?? 0;
    const place = this.#rows[row * ROWS.width + ROWS.place] ?? -1;
    let written = this.#rows[row * ROWS.width + ROWS.written] ?? -1;
    const bytes = this.#rows[row * ROWS.width + ROWS.bytes] ?? 0;
    if (written === PENDING) written = bytes;
    const held = place === -1 ? null : (inFlight.route.sessions.free?.enter(place) ?? null);
    const begunUs = this.#times[row * TIMES.width + TIMES.begun] ?? 0;
    if (held === null || written === -1) {
      this.#outlet.beginDrawn(inFlight, intendedUs, begunUs, held);
      return;
    }
    const from = row * MESSAGE_ROOM;
    const rest = written === bytes ? null : Buffer.from(this.#messages.slice(from + written, from + bytes));
    this.#outlet.enterSent(inFlight, intendedUs, begunUs, { held, written, rest });
  }

  #isOn(connection: EngineConnection | null, row: number): boolean {
    if (connection === null) return false;
    const place = this.#rows[row * ROWS.width + ROWS.place] ?? -1;
    return this.#drawn[row]?.route.sessions.free?.connectionAt(place) === connection;
  }

  #fill(most: number): void {
    const before = this.#filled;
    const untilUs = this.#nowUs() - this.#startedUs + DRAWN_AHEAD_US;
    for (let drawn = 0; drawn < most; drawn += 1) {
      const known = (this.#filled - this.#entered) | 0;
      const { number, dueUs } = this.#schedule;
      if (
        this.#stopped ||
        this.#copiesAhead === COPIES_AHEAD ||
        known === MOST_KNOWN ||
        dueUs === Infinity ||
        (known > 0 && dueUs > untilUs)
      )
        break;
      const row = this.#filled & (ROOM - 1);
      const inFlight = this.#outlet.draw(number);
      this.#drawn[row] = inFlight;
      const { route } = inFlight;
      if (route.operation.definition.form === "copy") this.#copiesAhead += 1;
      this.#times[row * TIMES.width + TIMES.due] = this.#startedUs + dueUs;
      this.#times[row * TIMES.width + TIMES.until] = this.#startedUs + dueUs + route.timeoutUs;
      this.#composers.get(route)?.compose(inFlight, row, this.#rows, this.#messages);
      this.#filled = (this.#filled + 1) | 0;
      this.#schedule.advance();
    }
    if (this.#filled === before) return;
    Atomics.store(this.#counters, COUNTERS.filled, this.#filled);
    // The other thread waits for more only when it has begun all there was.
    if (Atomics.load(this.#counters, COUNTERS.begun) === before)
      Atomics.notify(this.#counters, COUNTERS.filled);
  }
}

/** Makes the rows of one route's operations. */
class Composer {
  readonly #list: number;
  readonly #bind: BindMessage;
  /** Of a statement without a name, which is parsed at every run. */
  readonly #parse: Uint8Array | null;
  readonly #sendable: boolean;

  constructor(
    { operation }: Route,
    free: FreeConnections<Carrier> | undefined,
    lists: readonly FreeConnections<Carrier>[],
  ) {
    const { name, sql, parameterCount } = operation.first.prepared;
    this.#list = free === undefined ? -1 : lists.indexOf(free);
    this.#bind = new BindMessage(name, parameterCount);
    this.#parse = name === "" ? parseMessage(name, sql) : null;
    this.#sendable = operation.definition.form === "statement" && operation.first.prepared.bit !== undefined;
  }

  compose({ route, drawn }: InFlight, row: number, rows: Int32Array, messages: Uint8Array): void {
    const at = row * ROWS.width;
    rows[at + ROWS.list] = this.#list;
    rows[at + ROWS.bytes] = 0;
    rows[at + ROWS.statements] = route.operation.first.prepared.bit ?? 0;
    if (!this.#sendable || this.#list === -1) return;
    const bind = this.#bind.fill(route.operation.first.valuesFrom(drawn));
    const parse = this.#parse?.length ?? 0;
    if (parse + bind.length > MESSAGE_ROOM) return;
    if (this.#parse !== null) messages.set(this.#parse, row * MESSAGE_ROOM);
    messages.set(bind, row * MESSAGE_ROOM + parse);
    rows[at + ROWS.bytes] = parse + bind.length;
  }
}
