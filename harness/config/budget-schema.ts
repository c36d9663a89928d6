import { z } from "zod";
import type { BudgetSettings } from "../model/plan.ts";
import type { Exactly } from "../schema/exactly.ts";

const seconds = z.number().positive().nullable();

/** What `--set budgets.NAME=N` may set; the field is nested, so that problems name its whole path. */
export const budgetSchema = z.strictObject({
  budgets: z.strictObject({
    readySeconds: seconds,
    redundancySeconds: seconds,
    recoverySeconds: seconds,
    observedSeconds: seconds,
    holdSeconds: seconds,
    commandSeconds: seconds,
  }),
});

true satisfies Exactly<z.infer<typeof budgetSchema>["budgets"], BudgetSettings>;

/** What overrides start from: every budget chosen from the topology. */
export const noBudgetSet: BudgetSettings = {
  readySeconds: null,
  redundancySeconds: null,
  recoverySeconds: null,
  observedSeconds: null,
  holdSeconds: null,
  commandSeconds: null,
};
