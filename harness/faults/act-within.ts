import type { Clock } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";
import { within } from "../support/within.ts";

/**
 * Carries a step of an injection out within a budget. Rejects with a HarnessError that says which step did not work,
 * or did not end in time; never hangs.
 */
export async function actWithin<T>(
  step: { readonly what: string; readonly code: string; readonly budgetMs: number; readonly clock: Clock },
  act: () => Promise<T>,
): Promise<T> {
  const { budgetMs: ms, clock } = step;
  try {
    return await within({ ms, clock }, act(), () => {
      throw new Error(`no end within ${ms / 1000} s`);
    });
  } catch (cause) {
    throw new HarnessError({
      code: step.code,
      message: `${step.what} did not work: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
