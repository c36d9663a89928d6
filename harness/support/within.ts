import type { Clock } from "../model/clock.ts";
import { systemClock } from "./system-clock.ts";

/** How long something may take. */
export interface Limit {
  readonly ms: number;
  /** By whose time; the machine's own where none is given. */
  readonly clock?: Pick<Clock, "sleep"> | undefined;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The work's result; or what `onLate` gives, or throws, when the work has not settled within the limit. The work itself
 * goes on then, and what becomes of it later is nobody's concern: whoever can call it off does so in `onLate`.
 */
export async function within<Result, Late>(
  { ms, clock, signal }: Limit,
  work: Promise<Result>,
  onLate: () => Late | Promise<Late>,
): Promise<Result | Late> {
  const settled = new AbortController();
  const until = signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]);
  const late = (clock ?? systemClock()).sleep(ms, until).then(onLate);
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    settled.abort(new Error("it has settled"));
  }
}
