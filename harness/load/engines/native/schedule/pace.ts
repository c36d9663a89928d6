import type { Pacing } from "../../../../model/benchmark.ts";
import type { Micros } from "../../../../model/clock.ts";
import { createWaker } from "./waker.ts";

/** What is to be begun on time. */
export interface Paced {
  /** Begins what is due and returns when the next is; Infinity: nothing is known to come. */
  beginDue(): Micros;
}

export interface Pace {
  /** Something may have become due earlier than was known: looks again. */
  look(): void;
  stop(): Promise<void>;
}

export interface PaceOptions {
  readonly pacing: Pacing;
  readonly paced: Paced;
  readonly nowUs: () => Micros;
  readonly epochNs: bigint;
  readonly onError: (error: Error) => void;
}

/** Below this the event loop is gone round once more instead of waiting. */
const YIELD_BELOW_US = 40;
const NAP_MS = 0.05;
/** The event loop sleeps by itself while the next operation is farther off than this. */
const TIMER_ABOVE_US = 2000;

/**
 * Waits for one intended start after the other, where moments become known as they come. In all modes answers that arrive
 * meanwhile are read; in `nap` after the nap. `sleep`: a second thread sleeps until the moment and wakes this one.
 */
export function startPace(options: PaceOptions): Pace {
  switch (options.pacing) {
    case "sleep":
      return sleeping(options);
    case "nap":
      return turning(options, () => Atomics.wait(nothing, 0, 0, NAP_MS));
    case "spin":
      return turning(options, () => undefined);
  }
}

const nothing = new Int32Array(new SharedArrayBuffer(4));

function sleeping({ paced, nowUs, epochNs, onError }: PaceOptions): Pace {
  let running = true;
  let askedUs = Infinity;
  const turn = (): void => {
    if (!running) return;
    const nextUs = paced.beginDue();
    if (nextUs === Infinity) return;
    if (nextUs - nowUs() < YIELD_BELOW_US) {
      setImmediate(turn);
    } else if (nextUs !== askedUs) {
      askedUs = nextUs;
      waker.wakeAt(epochNs + BigInt(Math.round(nextUs * 1000)));
    }
  };
  const waker = createWaker(() => {
    askedUs = Infinity;
    turn();
  }, onError);
  turn();
  return {
    look: turn,
    stop: async () => {
      running = false;
      await waker.close();
    },
  };
}

/** Goes round the event loop until the next operation is due, `idle` once each round; far from it a timer waits. */
function turning({ paced, nowUs }: PaceOptions, idle: () => void): Pace {
  let running = true;
  let timer: NodeJS.Timeout | null = null;
  let immediate: NodeJS.Immediate | null = null;
  const turn = (): void => {
    immediate = null;
    if (!running) return;
    const leftUs = paced.beginDue() - nowUs();
    if (leftUs === Infinity) return;
    if (leftUs > TIMER_ABOVE_US) {
      timer = setTimeout(turn, Math.floor(leftUs / 1000) - 1);
      return;
    }
    if (leftUs > YIELD_BELOW_US) idle();
    immediate = setImmediate(turn);
  };
  const look = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    immediate ??= setImmediate(turn);
  };
  turn();
  return {
    look,
    stop: () => {
      running = false;
      if (timer !== null) clearTimeout(timer);
      return Promise.resolve();
    },
  };
}
