import { setTimeout as delay } from "node:timers/promises";
import type { Micros } from "../../model/clock.ts";
import type { ClusterEvent } from "../../model/event.ts";
import { within as withinLimit } from "../../support/within.ts";

/** What each observer is given: the clock, where its events go, and when to end. */
export interface Observing {
  readonly nowUs: () => Micros;
  readonly emit: (event: ClusterEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * How soon something that did not answer is looked at again, milliseconds. While a cluster starts, nothing answers
 * for seconds: asking more often takes processor time from what is being waited for.
 */
export const RETRY_MS = 300;

/**
 * Looks again and again until the signal is aborted: never two looks at once, and a look that took longer than
 * the interval is followed by the next one at once. `look` resolves with the pause until the next one, counted
 * from its own start, and must neither reject nor take for ever; calling `lookNow` ends a pause early.
 */
export async function lookRegularly(
  signal: AbortSignal,
  look: (lookNow: () => void) => Promise<number>,
): Promise<void> {
  let pause = new AbortController();
  const lookNow = (): void => pause.abort();
  signal.addEventListener("abort", lookNow, { once: true });
  while (!signal.aborted) {
    const startedMs = performance.now();
    pause = new AbortController();
    const everyMs = await look(lookNow);
    const pauseMs = Math.max(1, everyMs - (performance.now() - startedMs));
    await delay(pauseMs, undefined, { signal: pause.signal }).catch(() => undefined);
  }
}

/** Emits an event about one thing when it differs from the one before; the time alone is no difference. */
export function onChange(observing: Observing): (event: ClusterEvent) => void {
  let before = "";
  return (event) => {
    const now = JSON.stringify({ ...event, atUs: 0 });
    if (now === before) return;
    before = now;
    observing.emit(event);
  };
}

/** Rejects when `work` has not settled after `ms`; the work itself goes on, and its later failure is swallowed. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  return await withinLimit({ ms }, work, () => {
    throw new Error(`${what}: no answer within ${ms} ms`);
  });
}
