import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { withOutOption, type OutOption } from "../out-option.ts";
import { exitCodeOf } from "../exit-codes.ts";

/** `report RUN`: measures, judges and renders a recording again. Needs no cluster; the exit code is the verdict's. */
export function registerReport(program: Command, context: CommandContext): void {
  const { io } = context;
  const command = program
    .command("report")
    .description("measure, judge and render a recorded run again; works on a copied folder")
    .argument("<run>", "latest, SCENARIO, SCENARIO/latest, a run's name or a part of it, or a folder");
  withOutOption(command)
    .option("--json", "print the verdict as one JSON document on standard output", false)
    .action(async (reference: string, options: OutOption & { readonly json: boolean }) => {
      if (options.json) context.answerWithJson();
      const { findRun } = await import("../../store/find-run.ts");
      const { concludeRun } = await import("../../conclude/conclude-run.ts");
      const { answerWithConclusions } = await import("../answer-with-conclusions.ts");
      const conclusion = await concludeRun(await findRun(reference, options.out));
      answerWithConclusions([conclusion], { io, json: options.json });
      context.endWith(exitCodeOf[conclusion.verdict.outcome]);
    });
}
