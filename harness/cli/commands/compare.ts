import type { Command } from "commander";
import { UsageError, type Problem } from "../../model/errors.ts";
import type { CommandContext } from "../command-context.ts";
import type { RunsToCompare } from "../../conclude/compare-runs.ts";
import { withOutOption, type OutOption } from "../out-option.ts";

interface CompareOptions extends OutOption {
  readonly against?: readonly string[];
  readonly page?: string;
  readonly json: boolean;
}

/** `compare RUN RUN... [--against RUN...]`: the same figures of several runs side by side. Needs no cluster; exits 0 whatever it finds. */
export function registerCompare(program: Command, context: CommandContext): void {
  const { io } = context;
  const command = program
    .command("compare")
    .description(
      "set recorded runs side by side: figures, ratios to the first, and what they differ in. Runs that differ in " +
        "nothing but their seed (run --repeat) are one side together, and their figures its evidence",
    )
    .argument(
      "<run...>",
      "two or more, as `report` takes them; the first one's side is what the others are compared with",
    );
  withOutOption(command)
    .option(
      "--against <run...>",
      "these are the other side, all runs before it the first: for what the recordings do not tell apart",
    )
    .option("--page <file>", "where the page is written (default: compare.html in the first run's folder)")
    .option("--json", "print the comparison as one JSON document on standard output", false)
    .action(async (references: readonly string[], options: CompareOptions) => {
      if (options.json) context.answerWithJson();
      const runs = await findAll(references, options);
      const { compareRecordings } = await import("../../conclude/compare-runs.ts");
      const comparison = await compareRecordings(runs, options.page ?? null);
      if (options.json) {
        const { renderComparisonJson } = await import("../../../reports/comparison-json.ts");
        io.stdout(renderComparisonJson(comparison, comparison.pagePath));
        return;
      }
      const { renderComparisonSummary } = await import("../../../reports/comparison-summary.ts");
      const { colour, width } = io;
      io.styled.stdout(
        renderComparisonSummary(comparison, { colour: colour.stdout, width, pagePath: comparison.pagePath }),
      );
    });
}

/** The folders of all runs that are meant; every problem of the command line at once. */
async function findAll(
  named: readonly string[],
  { against = [], out }: CompareOptions,
): Promise<RunsToCompare> {
  const { findRun } = await import("../../store/find-run.ts");
  const problems: Problem[] = [];
  const found = new Map<string, string>();
  const references = [...named, ...against];
  for (const reference of references) {
    try {
      const directory = await findRun(reference, out);
      const before = found.get(directory);
      if (before === undefined) found.set(directory, reference);
      else problems.push({ where: `run "${reference}"`, message: `is the same run as "${before}".` });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (references.length < 2) {
    problems.push({
      where: "compare",
      message: `expected two runs or more, found ${references.length}.`,
      suggestion: "`dpg-bench list runs` names those that are here.",
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
  const directories = [...found.keys()];
  return { directories: directories.slice(0, named.length), against: directories.slice(named.length) };
}
