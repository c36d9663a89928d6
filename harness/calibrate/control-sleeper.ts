import { Worker } from "node:worker_threads";

/** One sleep of the control: when it was due to wake, and how much later it did. Microseconds. */
export type ControlWake = readonly [dueUs: number, lateUs: number];

/** A thread that does nothing but sleep and wake, so that how late it wakes is the machine's doing alone. */
export interface ControlSleeper extends AsyncDisposable {
  /** Ends it and tells every wake-up so far. */
  stop(): Promise<readonly ControlWake[]>;
}

/** Starts the control: it sleeps `everyMs` again and again. Its times count from `epochNs` of the monotonic clock. */
export function startControlSleeper(everyMs: number, epochNs: bigint): ControlSleeper {
  const stopped = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(SLEEPER, { eval: true, workerData: { stopped, everyMs, epochNs } });
  const told = new Promise<readonly ControlWake[]>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  told.catch(() => undefined);
  return {
    stop: async () => {
      Atomics.store(stopped, 0, 1);
      return await told;
    },
    [Symbol.asyncDispose]: async () => {
      await thread.terminate();
    },
  };
}

/** Sleeps by a timed wait, as the engine's own sleeper does, until it is told to stop. */
const SLEEPER = `
const { parentPort, workerData: { stopped, everyMs, epochNs } } = require("node:worker_threads");
const nowUs = () => Number(process.hrtime.bigint() - epochNs) / 1000;
const cell = new Int32Array(new SharedArrayBuffer(4));
const wakes = [];
while (Atomics.load(stopped, 0) === 0) {
  const dueUs = nowUs() + everyMs * 1000;
  Atomics.wait(cell, 0, 0, everyMs);
  wakes.push([dueUs, Math.max(0, nowUs() - dueUs)]);
}
parentPort.postMessage(wakes);
`;
