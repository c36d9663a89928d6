import type { Micros } from "../../../../model/clock.ts";
import { createWaker, type Waker } from "./waker.ts";

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
  readonly paced: Paced;
  readonly nowUs: () => Micros;
  readonly epochNs: bigint;
  readonly onError: (error: Error) => void;
}

/** Below this the event loop is gone round once more instead of waiting. */
const YIELD_BELOW_US = 40;

/**
 * Waits for one intended start after the other, where moments become known as they come. A second thread sleeps until the
 * moment and wakes this one, which reads the answers that arrive meanwhile.
 */
export function startPace({ paced, nowUs, epochNs, onError }: PaceOptions): Pace {
  let running = true;
  let askedUs = Infinity;
  /** null: there was nothing to wait for yet. */
  let waker: Waker | null = null;
  const turn = (): void => {
    if (!running) return;
    const nextUs = paced.beginDue();
    if (nextUs === Infinity) return;
    if (nextUs - nowUs() < YIELD_BELOW_US) {
      setImmediate(turn);
    } else if (nextUs !== askedUs) {
      askedUs = nextUs;
      waker ??= createWaker(onWake, onError);
      waker.wakeAt(epochNs + BigInt(Math.round(nextUs * 1000)));
    }
  };
  const onWake = (): void => {
    askedUs = Infinity;
    turn();
  };
  turn();
  return {
    look: turn,
    stop: async () => {
      running = false;
      await waker?.close();
    },
  };
}
