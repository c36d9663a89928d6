import type { Command } from "commander";
import { UsageError, type Problem } from "../../model/errors.ts";
import type { CommandContext } from "../command-context.ts";
import { parseWholeNumber } from "../parse-whole-number.ts";
import { withSetOption } from "../plan-options.ts";

interface UpOptions {
  readonly set: readonly string[];
  readonly hours: string;
}

const MOST_HOURS = 24 * 30;

/** `up TOPOLOGY`: an interactive cluster that stays until `down`, with lines to paste. */
export function registerUp(program: Command, context: CommandContext): void {
  const command = program
    .command("up")
    .description(
      "bring an interactive cluster up and leave it running, with psql and patronictl lines to paste",
    )
    .argument("<topology>", "a name, or a path to a file of your own");
  withSetOption(command)
    .option("--hours <number>", "the cluster ends by itself after so many hours", "12")
    .action(async (reference: string, options: UpOptions) => {
      const { loadTopology } = await import("../../config/load-scenario.ts");
      const { shippedCatalogues } = await import("../../config/shipped-catalogues.ts");
      const problems: Problem[] = [];
      const hours = parseWholeNumber("--hours", options.hours, { least: 1, most: MOST_HOURS }, problems);
      const { topology, budgets } = await loadTopology(reference, options.set, shippedCatalogues).catch(
        (error: unknown) => {
          if (!(error instanceof UsageError)) throw error;
          throw new UsageError([...problems, ...error.problems]);
        },
      );
      if (problems.length > 0) throw new UsageError(problems);
      const { bringUpInteractive } = await import("../bring-up-interactive.ts");
      await bringUpInteractive(topology, { hours, budgets, context });
    });
}
