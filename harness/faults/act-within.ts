import type { Clock } from "../model/clock.ts";
import { HarnessError } from "../model/errors.ts";

/**
 * Carries a step of an injection out within a budget. Rejects with a HarnessError that says which step did not work,
 * or did not end in time; never hangs.
 */
export async function actWithin<T>(
  step: { readonly what: string; readonly code: string; readonly budgetMs: number; readonly clock: Clock },
  act: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const late = step.clock.sleep(step.budgetMs, done.signal).then(() => {
    throw new Error(`no end within ${step.budgetMs / 1000} s`);
  });
  try {
    return await Promise.race([act(), late]);
  } catch (cause) {
    throw new HarnessError({
      code: step.code,
      message: `${step.what} did not work: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  } finally {
    done.abort(new Error("the step has ended"));
    late.catch(() => undefined);
  }
}
