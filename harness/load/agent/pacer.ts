import type { Micros } from "../../model/clock.ts";
import type { Arrivals } from "./arrivals.ts";
import { createWaker } from "../engines/native/schedule/waker.ts";

/** A stream of operations to be started on time. */
export interface PacedStream {
  readonly arrivals: Arrivals;
  /** Begins the operation and returns at once. */
  readonly begin: (intendedUs: Micros) => void;
}

export interface Pacer {
  /** Intended start of the stream's next operation: all earlier ones have begun. */
  nextUs(stream: PacedStream): Micros;
  /** Begins nothing more. */
  stop(): Promise<void>;
}

/** Below this the thread waits by yielding to its event loop instead of asking for another wake-up. */
const YIELD_BELOW_US = 100;

/**
 * Begins every operation of every stream as soon as it is due: late if the thread was busy, but never skipped, and
 * without regard to what became of earlier ones. `epochNs` is moment 0 of the streams' Micros.
 */
export function startPacer(options: {
  readonly streams: readonly PacedStream[];
  readonly epochNs: bigint;
  readonly onError: (error: Error) => void;
}): Pacer {
  const due = new Map(options.streams.map((stream) => [stream, stream.arrivals()]));
  const nowUs = (): Micros => Number((process.hrtime.bigint() - options.epochNs) / 1000n);
  let running = true;

  const beginWhatIsDue = (): Micros => {
    for (const [stream, first] of due) {
      let intendedUs = first;
      for (; intendedUs <= nowUs(); intendedUs = stream.arrivals()) stream.begin(intendedUs);
      due.set(stream, intendedUs);
    }
    return Math.min(...due.values());
  };
  const turn = (): void => {
    if (!running) return;
    const nextUs = beginWhatIsDue();
    if (nextUs - nowUs() < YIELD_BELOW_US) setImmediate(turn);
    else waker.wakeAt(options.epochNs + BigInt(nextUs) * 1000n);
  };
  const waker = createWaker(turn, options.onError);
  if (due.size > 0) turn();
  return {
    nextUs: (stream) => due.get(stream) ?? 0,
    stop: async () => {
      running = false;
      await waker.close();
    },
  };
}
