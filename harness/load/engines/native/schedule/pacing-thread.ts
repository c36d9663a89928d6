import type fs from "node:fs";
import { Worker } from "node:worker_threads";
import { lock, takePlace, unlock, type SharedFreeConnections } from "../sessions/free-connections.ts";
import { aheadUs } from "./engine-clock.ts";

/** Operations that are known ahead at most; a power of two. */
export const ROOM = 2048;
/** Bytes of a message that the pacing thread can send; longer ones are the main thread's. */
export const MESSAGE_ROOM = 512;

/**
 * What both threads see of a schedule. Each operation has a row: its number among those of this schedule, modulo ROOM.
 * The main thread fills rows ahead of their time; the pacing thread begins them one after the other and says how; the main
 * thread enters what was begun, and fills the row anew.
 */
export interface SharedSchedule {
  /** Counters: see COUNTERS. Int32, each of which may overflow. */
  readonly counters: SharedArrayBuffer;
  /**
   * By row: when it is due, until when it may be sent, when it was begun. And at BUSY_SINCE: since when no connection has been
   * free, while it is the main thread's turn for that. Float64, microseconds of the engine's clock.
   */
  readonly times: SharedArrayBuffer;
  /**
   * By row, Int32: of which list it takes its connection (-1: of none), the bytes of its message (0: it has none that
   * could be sent here), the statements that its connection must know (a set of bits); and what became of it: the place of
   * the connection that was taken (-1: none), and how many bytes were written (-1: nothing was tried; PENDING: the row has
   * begun, and the write has not come back yet, though its answer may).
   */
  readonly rows: SharedArrayBuffer;
  /** By row. */
  readonly messages: SharedArrayBuffer;
}

export const COUNTERS = {
  /** Rows filled so far. */
  filled: 0,
  /** Rows begun so far. */
  begun: 1,
  /** Goes up when the main thread has something to see to. */
  wake: 2,
  /** 1: nothing more is to be begun. */
  stopped: 3,
  /** 1: the pacing thread is there. */
  ready: 4,
  /** Whose it is to begin what is due, from row `begun` on: see TURNS. */
  turn: 5,
  /** 1: the pacing thread has ended. */
  ended: 6,
  /** The system's number of the pacing thread; 0: it is not known. */
  thread: 7,
} as const;

/**
 * The main thread begins operations until the pacing thread is there, and again while every connection is busy: nothing can
 * be sent then before an answer has come, which only the main thread sees. `main`: it may; `taken`: it does so just now;
 * `pacing`: the other one's turn.
 */
export const TURNS = { main: 0, pacing: 1, taken: 2 } as const;

export const TIMES = { due: 0, until: 1, begun: 2, width: 3 } as const;
export const ROWS = { list: 0, bytes: 1, statements: 2, place: 3, written: 4, width: 5 } as const;
export const PENDING = -2;
/** Among the times, behind those of the rows. */
export const BUSY_SINCE = TIMES.width * ROOM;

export function newSharedSchedule(): SharedSchedule {
  return {
    counters: new SharedArrayBuffer(4 * 8),
    times: new SharedArrayBuffer(8 * (TIMES.width * ROOM + 1)),
    rows: new SharedArrayBuffer(4 * ROWS.width * ROOM),
    messages: new SharedArrayBuffer(MESSAGE_ROOM * ROOM),
  };
}

interface ThreadData {
  readonly schedule: SharedSchedule;
  readonly lists: readonly SharedFreeConnections[];
  /** The system's monotonic clock less the engine's. */
  readonly aheadUs: number;
  /** Whether it leaves its turn to the main thread while every connection is busy. */
  readonly leavesTurn: boolean;
  readonly counter: typeof COUNTERS;
  readonly turns: typeof TURNS;
  readonly time: typeof TIMES;
  readonly row: typeof ROWS;
  readonly pending: typeof PENDING;
  readonly busySince: typeof BUSY_SINCE;
  readonly room: number;
  readonly messageRoom: number;
}

/** Runs until it is stopped. */
export interface PacingThread {
  stop(): Promise<void>;
}

/**
 * Starts the thread that begins a schedule's operations: it sleeps until each is due, takes a connection from the
 * operation's list, and writes the message to the connection's descriptor. What it cannot send (none is free, no message,
 * a statement that the connection's server does not know, an encrypted connection, a full send buffer) it leaves to the
 * main thread, and wakes it, unless all that it could do is to wait for an answer as well. `onWake` is called in the main thread for that, and when the thread is ready.
 */
export function startPacingThread(options: {
  readonly schedule: SharedSchedule;
  readonly lists: readonly SharedFreeConnections[];
  /** Where all operations have one list, whose connections nobody dials for: see TURNS. */
  readonly leavesTurn: boolean;
  readonly nowUs: () => number;
  readonly onWake: () => void;
  readonly onError: (error: Error) => void;
}): PacingThread {
  const { schedule, lists, leavesTurn, nowUs, onWake, onError } = options;
  const counters = new Int32Array(schedule.counters);
  const workerData: ThreadData = {
    schedule,
    lists,
    aheadUs: aheadUs(0n, nowUs),
    leavesTurn,
    counter: COUNTERS,
    turns: TURNS,
    time: TIMES,
    row: ROWS,
    pending: PENDING,
    busySince: BUSY_SINCE,
    room: ROOM,
    messageRoom: MESSAGE_ROOM,
  };
  const thread = new Worker(PROGRAM, { eval: true, workerData });
  thread.on("error", onError);
  let running = true;
  const listen = (): void => {
    if (!running) return;
    const waiting = waitAsync(counters, COUNTERS.wake, Atomics.load(counters, COUNTERS.wake));
    // What was woken for meanwhile is seen to now; what comes later ends the wait.
    onWake();
    if (waiting.async) void waiting.value.then(listen);
    else setImmediate(listen);
  };
  listen();
  return {
    stop: async () => {
      running = false;
      stopPacing(counters);
      Atomics.notify(counters, COUNTERS.wake);
      await thread.terminate();
    },
  };
}

/** Nothing more is begun; what is being begun at this moment still is. */
export function stopPacing(counters: Int32Array): void {
  Atomics.store(counters, COUNTERS.stopped, 1);
  Atomics.notify(counters, COUNTERS.stopped);
  Atomics.notify(counters, COUNTERS.filled);
  Atomics.notify(counters, COUNTERS.turn);
}

/** In V8 since 8.7; the compiler's library for ES2023 does not know it yet. */
const { waitAsync } = Atomics as unknown as {
  readonly waitAsync: (
    counts: Int32Array,
    index: number,
    value: number,
  ) => { readonly async: true; readonly value: Promise<string> } | { readonly async: false };
};

/** What the thread needs of Node. */
interface ThreadTools {
  readonly fs: Pick<typeof fs, "readlinkSync" | "writeFileSync" | "writeSync">;
  /** The global one is fetched anew by each who names it. */
  readonly clock: Pick<Performance, "now">;
  readonly aheadUs: typeof aheadUs;
  readonly takePlace: typeof takePlace;
  readonly lock: typeof lock;
  readonly unlock: typeof unlock;
}

/**
 * The thread's program. Its text is what runs, so that the agent stays one file: it may use nothing from outside but its
 * parameters.
 */
function pace(data: ThreadData, { fs, clock, aheadUs, takePlace, ...locks }: ThreadTools): void {
  const { schedule, lists, leavesTurn, counter, turns, time, row, pending, busySince, room, messageRoom } =
    data;
  const counters = new Int32Array(schedule.counters);
  const times = new Float64Array(schedule.times);
  const rows = new Int32Array(schedule.rows);
  const messages = new Uint8Array(schedule.messages);
  const free = lists.map((list) => ({ ...list, words: new Int32Array(list.words) }));
  // Less is no time to go to sleep for; and what is left is waited for without sleeping, for the sake of being on time.
  const AWAKE_US = 2;

  // The system may end a sleep as much later as the thread's timer slack says: 50 us unless it is told otherwise
  // (Linux, prctl(2): PR_SET_TIMERSLACK).
  try {
    const thread = fs.readlinkSync("/proc/thread-self").split("/").pop() ?? "";
    Atomics.store(counters, counter.thread, Number(thread));
    fs.writeFileSync(`/proc/${thread}/timerslack_ns`, "1000");
  } catch {
    // It sleeps up to 50 us longer then.
  }

  // performance.now() costs less than half of process.hrtime, and makes nothing new.
  const apartUs = aheadUs(0n, () => clock.now() * 1000) - data.aheadUs;

  /** Where the message can be written to; -1: it cannot. */
  const descriptorFor = (at: number, list: (typeof free)[number], place: number): number => {
    const known = list.words[list.at.statements + place] ?? 0;
    const needed = rows[at * row.width + row.statements] ?? 0;
    if (rows[at * row.width + row.bytes] === 0 || (needed & ~known) !== 0) return -1;
    return list.words[list.at.descriptors + place] ?? -1;
  };

  /** How many bytes went out. */
  const write = (descriptor: number, at: number, bytes: number): number => {
    try {
      return fs.writeSync(descriptor, messages, at * messageRoom, bytes);
    } catch {
      // A full send buffer, or a connection that is no more: the main thread's own write tells which.
      return 0;
    }
  };

  const awaitTurn = (): void => {
    while (Atomics.load(counters, counter.stopped) === 0) {
      const turn = Atomics.load(counters, counter.turn);
      if (turn === turns.pacing) return;
      Atomics.wait(counters, counter.turn, turn, 100);
    }
  };

  /** Whether the main thread begins the next operation. A connection that was put into the line meanwhile may be for it. */
  const leaveTurn = (list: (typeof free)[number], nowUs: number): boolean => {
    times[busySince] = nowUs;
    Atomics.store(counters, counter.turn, turns.main);
    const stays =
      Atomics.load(list.words, list.at.count) > 0 &&
      Atomics.compareExchange(counters, counter.turn, turns.main, turns.pacing) === turns.main;
    return !stays;
  };

  Atomics.store(counters, counter.ready, 1);
  Atomics.add(counters, counter.wake, 1);
  Atomics.notify(counters, counter.wake);
  awaitTurn();
  let next = Atomics.load(counters, counter.begun);
  while (Atomics.load(counters, counter.stopped) === 0) {
    const filled = Atomics.load(counters, counter.filled);
    if (next === filled) {
      Atomics.wait(counters, counter.filled, filled, 100);
      continue;
    }
    const at = next & (room - 1);
    const nowUs = clock.now() * 1000 + apartUs;
    const leftUs = (times[at * time.width + time.due] ?? 0) - nowUs;
    if (leftUs > 0) {
      if (leftUs > AWAKE_US)
        Atomics.wait(counters, counter.stopped, 0, Math.min((leftUs - AWAKE_US) / 1000, 100));
      continue;
    }
    const list = free[rows[at * row.width + row.list] ?? -1];
    const inTime = nowUs < (times[at * time.width + time.until] ?? 0);
    const place = list === undefined || !inTime ? -1 : takePlace(list, locks, true);
    if (leavesTurn && list !== undefined && inTime && place === -1) {
      if (leaveTurn(list, nowUs)) awaitTurn();
      // The main thread may have had its turn even so.
      next = Atomics.load(counters, counter.begun);
      continue;
    }
    times[at * time.width + time.begun] = nowUs;
    const descriptor = list === undefined || place === -1 ? -1 : descriptorFor(at, list, place);
    const bytes = rows[at * row.width + row.bytes] ?? 0;
    rows[at * row.width + row.place] = place;
    rows[at * row.width + row.written] = descriptor === -1 ? -1 : pending;
    next = (next + 1) | 0;
    // Before the write: whoever reads the answer need not wait for this thread, which the server may have put to sleep.
    Atomics.store(counters, counter.begun, next);
    const written = descriptor === -1 ? -1 : write(descriptor, at, bytes);
    if (descriptor !== -1) Atomics.store(rows, at * row.width + row.written, written);
    if (list !== undefined && place !== -1) Atomics.store(list.words, list.at.writing + place, 0);
    // A connection that was put into the line after this thread had looked is not found by an answer to come.
    const waits = place === -1 && list?.dials === false && Atomics.load(list.words, list.at.count) === 0;
    const whole = written === bytes;
    if (!whole && !waits) {
      Atomics.add(counters, counter.wake, 1);
      Atomics.notify(counters, counter.wake);
    }
  }
  Atomics.store(counters, counter.ended, 1);
  Atomics.add(counters, counter.wake, 1);
  Atomics.notify(counters, counter.wake);
}

const PROGRAM = `
const { workerData } = require("node:worker_threads");
(${pace.toString()})(workerData, {
  fs: require("node:fs"),
  clock: require("node:perf_hooks").performance,
  aheadUs: ${aheadUs.toString()},
  takePlace: ${takePlace.toString()},
  lock: ${lock.toString()},
  unlock: ${unlock.toString()},
});
`;
