import type { ClusterEvent } from "../../model/event.ts";
import type { Observing } from "./observing.ts";

/** Collects what an observer emits, without its times, and waits for it. */
export interface FakeObserving extends Observing {
  readonly events: readonly object[];
  /** Resolves when an event matches, or rejects after a few seconds. */
  readonly seen: (matches: (event: ClusterEvent) => boolean) => Promise<void>;
  readonly end: () => void;
}

export function fakeObserving(): FakeObserving {
  const abort = new AbortController();
  const events: ClusterEvent[] = [];
  let look = (): void => undefined;
  return {
    events,
    nowUs: () => Math.round(performance.now() * 1000),
    signal: abort.signal,
    emit: (event) => {
      events.push({ ...event, atUs: 0 });
      look();
    },
    seen: (matches) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error(`not seen among ${JSON.stringify(events)}`));
        }, 10_000);
        look = () => {
          if (!events.some(matches)) return;
          clearTimeout(late);
          resolve();
        };
        look();
      }),
    end: () => abort.abort(),
  };
}
