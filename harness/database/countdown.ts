import type { Clock } from "../model/clock.ts";

/** What is left of a budget that begins now, milliseconds; never less than 1. */
export function countdown(clock: Clock, budgetMs: number): () => number {
  const startedUs = clock.nowUs();
  return () => Math.max(1, budgetMs - (clock.nowUs() - startedUs) / 1000);
}
