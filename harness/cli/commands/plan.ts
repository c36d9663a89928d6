import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { withPlanOptions, type PlanOptions } from "../plan-options.ts";

/** `plan SCENARIO`: prints what a run would do. Touches nothing and needs no Docker. */
export function registerPlan(program: Command, { io, answerWithJson }: CommandContext): void {
  const command = program.command("plan").argument("<scenario>", "a name, or a path to a file of your own");
  withPlanOptions(
    command.description("print what a run would do, what it is judged by and what is predicted"),
  )
    .option("--json", "print the plan as one JSON document", false)
    .action(async (scenario: string, options: PlanOptions & { readonly json: boolean }) => {
      if (options.json) answerWithJson();
      const { makePlans } = await import("../make-plans.ts");
      const { printPlan } = await import("../../plan/print-plan.ts");
      for (const plan of await makePlans([scenario], options)) {
        io.styled.stdout(
          options.json
            ? `${JSON.stringify(plan, null, 2)}\n`
            : printPlan(plan, { colour: io.colour.stdout, width: io.width }),
        );
      }
    });
}
