import { Worker } from "node:worker_threads";
import type { SharedSchedule } from "./schedule-ahead.ts";

/** Sleeps through a schedule in a second thread, and wakes this one for each moment that it has not seen to itself. */
export interface ScheduleSleeper {
  stop(): Promise<void>;
}

/** The wake-up is sent this much early: about what it takes to cross from thread to thread. */
const CROSSING_US = 30;

/** `nowUs` is the clock of the schedule's moments. */
export function sleepThrough(
  { moments, counters }: SharedSchedule,
  nowUs: () => number,
  onWake: () => void,
  onError: (error: Error) => void,
): ScheduleSleeper {
  const counts = new Int32Array(counters);
  const [seconds, nanoseconds] = process.hrtime();
  // Both clocks are the system's monotonic one, from different zeros.
  const aheadUs = seconds * 1e6 + nanoseconds / 1e3 - nowUs();
  const thread = new Worker(SLEEPER, { eval: true, workerData: { moments, counters, aheadUs, CROSSING_US } });
  thread.on("error", onError);
  let running = true;
  const listen = (): void => {
    if (!running) return;
    const waiting = waitAsync(counts, WAKE, Atomics.load(counts, WAKE));
    // What was woken for meanwhile is seen to now; what comes later ends the wait.
    onWake();
    if (waiting.async) void waiting.value.then(listen);
    else setImmediate(listen);
  };
  listen();
  return {
    stop: async () => {
      running = false;
      Atomics.store(counts, STOPPED, 1);
      Atomics.add(counts, WRITTEN, 1);
      Atomics.notify(counts, WRITTEN);
      Atomics.notify(counts, WAKE);
      await thread.terminate();
    },
  };
}

const WRITTEN = 0;
const WAKE = 2;
const STOPPED = 3;

/** In V8 since 8.7; the compiler's library for ES2023 does not know it yet. */
const { waitAsync } = Atomics as unknown as {
  readonly waitAsync: (
    counts: Int32Array,
    index: number,
    value: number,
  ) => { readonly async: true; readonly value: Promise<string> } | { readonly async: false };
};

/**
 * Plain JavaScript in a string, so that the agent stays one file. The system may end a sleep as much later as the
 * thread's timer slack says: 50 us unless it is told otherwise (Linux, prctl(2): PR_SET_TIMERSLACK). Ten microseconds are no time to go
 * to sleep for.
 */
const SLEEPER = `
const { workerData } = require("node:worker_threads");
const { readlinkSync, writeFileSync } = require("node:fs");
try {
  const thread = readlinkSync("/proc/thread-self").split("/").pop();
  writeFileSync("/proc/" + thread + "/timerslack_ns", "1000");
} catch {
  // It sleeps up to 50 us longer then.
}
const moments = new Float64Array(workerData.moments);
const counts = new Int32Array(workerData.counters);
const lock = new Int32Array(new SharedArrayBuffer(4));
const nowUs = () => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3 - workerData.aheadUs;
};
for (let next = 0; Atomics.load(counts, 3) === 0; ) {
  next = Math.max(next, Atomics.load(counts, 1));
  const written = Atomics.load(counts, 0);
  if (next >= written) {
    Atomics.wait(counts, 0, written, 1000);
    continue;
  }
  const leftUs = moments[next % moments.length] - nowUs() - workerData.CROSSING_US;
  if (leftUs > 10) {
    Atomics.wait(lock, 0, 0, Math.min(leftUs / 1000, 100));
    continue;
  }
  next += 1;
  if (Atomics.load(counts, 1) >= next) continue;
  Atomics.add(counts, 2, 1);
  Atomics.notify(counts, 2);
}
`;
