import type { Clock, Micros } from "../../model/clock.ts";
import { HarnessError } from "../../model/errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import { within } from "../../support/within.ts";

interface Wait {
  readonly what: string;
  readonly holds: (event: ClusterEvent) => boolean;
  /** What is there instead, for the error. */
  readonly found: () => string;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Waits for events; each has a budget, and all end when the observer does. */
export interface PendingWaits {
  /** Resolves with an event's time once `holds` is true of it. */
  until(wait: Wait): Promise<Micros>;
  /** Rejects when `work` does not settle within the budget, or the observer ends first. */
  bounded<T>(what: string, budgetMs: number, work: Promise<T>): Promise<T>;
  /** Looks at all waits again. */
  look(event: ClusterEvent): void;
  /** Rejects all waits, now and later, with the reason; null: because the watch was closed. True the first time. */
  end(reason: string | null): boolean;
}

export function pendingWaits(clock: Clock): PendingWaits {
  const looks = new Set<(event: ClusterEvent) => void>();
  const ended = new AbortController();
  // Many waits may listen at once; that is no leak.
  ended.signal.addEventListener("abort", () => looks.clear());

  const bounded = async <T>(wait: Omit<Wait, "holds">, work: Promise<T>): Promise<T> => {
    const signal = AbortSignal.any([ended.signal, ...(wait.signal === undefined ? [] : [wait.signal])]);
    return await within({ ms: wait.budgetMs, clock, signal }, work, () => {
      throw new HarnessError({
        code: "wait-timed-out",
        message: `Expected ${wait.what} within ${wait.budgetMs / 1000} s; found: ${wait.found()}.`,
      });
    });
  };

  return {
    until: (wait) => {
      let look: (event: ClusterEvent) => void = () => undefined;
      const seen = new Promise<Micros>((resolve, reject) => {
        look = (event) => {
          try {
            if (wait.holds(event)) resolve(event.atUs);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
      });
      looks.add(look);
      return bounded(wait, seen).finally(() => looks.delete(look));
    },
    bounded: (what, budgetMs, work) => bounded({ what, budgetMs, found: () => "nothing" }, work),
    look: (event) => looks.forEach((look) => look(event)),
    end: (reason) => {
      if (ended.signal.aborted) return false;
      ended.abort(
        new HarnessError({
          code: "observer-ended",
          message: reason ?? "The watch on the cluster was closed while something was awaited.",
        }),
      );
      return true;
    },
  };
}
