import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { withPlanOptions, type PlanOptions } from "../plan-options.ts";

/** `plan SCENARIO`: prints what a run would do. Touches nothing and needs no Docker. */
export function registerPlan(program: Command, { io, answerWithJson }: CommandContext): void {
  const command = program.command("plan").argument("<scenario>", "a name, or a path to a file of your own");
  withPlanOptions(
    command.description("print what a run would do, what it is judged by and what is predicted"),
  )
    .option(
      "--json",
      "print the plan as one JSON document (an array of plans where several topologies are compared)",
      false,
    )
    .action(async (scenario: string, options: PlanOptions & { readonly json: boolean }) => {
      if (options.json) answerWithJson();
      const { makePlans } = await import("../make-plans.ts");
      const { printPlan } = await import("../../plan/print-plan.ts");
      const plans = await makePlans([scenario], options);
      if (options.json) {
        io.stdout(`${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`);
        return;
      }
      for (const plan of plans)
        io.styled.stdout(printPlan(plan, { colour: io.colour.stdout, width: io.width }));
    });
}
