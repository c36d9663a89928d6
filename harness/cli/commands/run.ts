import type { Command } from "commander";
import type { Problem } from "../../model/errors.ts";
import type { RunPlan } from "../../model/plan.ts";
import type { Conclusion } from "../../conclude/conclude-run.ts";
import { runtimeNamed } from "../../runtime/catalogue.ts";
import type { CommandContext } from "../command-context.ts";
import { worstExitCode } from "../exit-codes.ts";
import { withOutOption, type OutOption } from "../out-option.ts";
import { parseWholeNumber } from "../parse-whole-number.ts";
import { withPlanOptions, type PlanOptions } from "../plan-options.ts";

interface RunOptions extends PlanOptions, OutOption {
  readonly repeat: string;
  readonly keep: boolean;
  readonly json: boolean;
}

const MOST_REPEATS = 1000;

/** `run SCENARIO...`: plans all, then runs one after the other. The exit code is the worst verdict's. */
export function registerRun(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .description(
      "bring the cluster up, put load on it (and break it, where it is about faults), and judge what was measured",
    )
    .argument("<scenario...>", "names, or paths to files of your own");
  withOutOption(withPlanOptions(command))
    .option("--repeat <times>", "run each scenario so many times, each with the next seed", "1")
    .option("--keep", "leave the cluster running afterwards (`dpg-bench down` removes it)", false)
    .option(
      "--json",
      "print the verdict as one JSON document on standard output, all else on standard error",
      false,
    )
    .action(async (scenarios: readonly string[], options: RunOptions) => {
      if (options.json) context.answerWithJson();
      const plans = await planAll(scenarios, options);
      const runtime = runtimeNamed(options.runtime);
      const conclusions: Conclusion[] = [];
      for (const plan of plans) conclusions.push(await runOne(plan, options, { ...context, runtime }));
      for (const runs of comparedRuns(plans, conclusions)) await compareRuns(runs, options, context);
      if (options.json) {
        const { answerWithConclusions } = await import("../answer-with-conclusions.ts");
        answerWithConclusions(conclusions, { io: context.io, json: true });
      }
      context.endWith(worstExitCode(conclusions.map((conclusion) => conclusion.verdict.outcome)));
    });
}

async function planAll(scenarios: readonly string[], options: RunOptions): Promise<readonly RunPlan[]> {
  const problems: Problem[] = [];
  const times = parseWholeNumber("--repeat", options.repeat, { least: 1, most: MOST_REPEATS }, problems);
  if (options.keep && scenarios.length * times > 1) {
    const message = `expected one run, found ${scenarios.length * times}: a cluster that is kept would share the machine with the next run.`;
    problems.push({ where: "--keep", message });
  }
  const { makePlans } = await import("../make-plans.ts");
  const plans = [...(await makePlans(scenarios, options, problems))];
  const seed = plans[0]?.seed ?? 0;
  for (let time = 1; time < times; time += 1) {
    plans.push(...(await makePlans(scenarios, { ...options, seed: String((seed + time) % 2 ** 32) })));
  }
  return plans;
}

/** The runs of each scenario that is compared on several topologies, in the order in which they were planned. */
function comparedRuns(
  plans: readonly RunPlan[],
  conclusions: readonly Conclusion[],
): readonly (readonly Conclusion[])[] {
  const byScenario = new Map<string, Conclusion[]>();
  plans.forEach(({ scenario }, index) => {
    const conclusion = conclusions[index];
    if (scenario.against === undefined || conclusion === undefined) return;
    byScenario.set(scenario.name, [...(byScenario.get(scenario.name) ?? []), conclusion]);
  });
  return [...byScenario.values()].filter((runs) => runs.length > 1);
}

/** Writes the page that sets the runs side by side, and shows it as `compare` does. */
async function compareRuns(
  runs: readonly Conclusion[],
  { json }: RunOptions,
  { io }: CommandContext,
): Promise<void> {
  const { compareRecordings } = await import("../../conclude/compare-runs.ts");
  const { renderComparisonSummary } = await import("../../../reports/comparison-summary.ts");
  const directories = runs.map(({ directory }) => directory);
  const comparison = await compareRecordings({ directories, against: [] }, null);
  const show = json ? io.styled.stderr : io.styled.stdout;
  const colour = json ? io.colour.stderr : io.colour.stdout;
  show(
    `\n${renderComparisonSummary(comparison, { colour, width: io.width, pagePath: comparison.pagePath })}`,
  );
}

async function runOne(plan: RunPlan, options: RunOptions, context: CommandContext): Promise<Conclusion> {
  const { io, runtime, signal } = context;
  const { createProgress } = await import("../progress/create-progress.ts");
  const { removeOrphans } = await import("../remove-orphans.ts");
  const { conductRun } = await import("../../run.ts");
  await removeOrphans(context);
  signal.throwIfAborted();
  io.stderr(`${plan.scenario.name} on ${plan.topology.name}, seed ${plan.seed}\n`);
  const progress = createProgress(io);
  try {
    const conclusion = await conductRun(plan, {
      runtime,
      runsDirectory: options.out,
      signal,
      progress,
      keep: options.keep,
    });
    await progress.close("done");
    const { summaryOf } = await import("../answer-with-conclusions.ts");
    const show = options.json ? io.styled.stderr : io.styled.stdout;
    show(`\n${summaryOf(conclusion, options.json ? io.colour.stderr : io.colour.stdout, io.width)}`);
    return conclusion;
  } catch (error) {
    await progress.close("failed");
    throw error;
  }
}
