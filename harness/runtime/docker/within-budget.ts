import { HarnessError } from "../../model/errors.ts";
import { within } from "../../support/within.ts";

/**
 * The call's result, or a HarnessError `engine-timeout` when it has not come within the budget. The call's signal is
 * aborted then, so that what it holds open is closed.
 */
export async function withinBudget<Result>(
  what: string,
  budgetMs: number,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  return await within({ ms: budgetMs }, call(controller.signal), () => {
    const error = new HarnessError({
      code: "engine-timeout",
      message: `Expected the container engine to ${what} within ${budgetMs / 1000} s, found it still at work.`,
      hint: "Look at the engine's log and at the machine's load (`dpg-bench doctor`), then try again.",
    });
    controller.abort(error);
    throw error;
  });
}
