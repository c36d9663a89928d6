import type { Clock, Micros } from "./clock.ts";

/** A clock that jumps to the next sleeper's time whenever nothing else is left to do. */
export interface FakeClock extends Clock {
  /** Lets all promises settle and time pass until nobody sleeps any more, or `untilUs` is reached. */
  run(untilUs?: Micros): Promise<void>;
}

interface Sleeper {
  readonly atUs: Micros;
  readonly wake: () => void;
}

export function fakeClock(): FakeClock {
  let nowUs: Micros = 0;
  const sleepers = new Set<Sleeper>();
  return {
    nowUs: () => nowUs,
    wallTime: () => new Date(Date.UTC(2026, 0, 1) + nowUs / 1000),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          atUs: nowUs + Math.round(ms * 1000),
          wake: () => {
            signal?.removeEventListener("abort", leave);
            resolve();
          },
        };
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        signal?.addEventListener("abort", leave, { once: true });
        sleepers.add(sleeper);
      }),
    run: async (untilUs = Infinity) => {
      for (;;) {
        await settle();
        const next = [...sleepers].sort((a, b) => a.atUs - b.atUs)[0];
        if (next === undefined || next.atUs > untilUs) return;
        sleepers.delete(next);
        nowUs = Math.max(nowUs, next.atUs);
        next.wake();
      }
    },
  };
}

/** Every promise that can settle without time passing has settled after a turn of the event loop. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
