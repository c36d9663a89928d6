import type { Command } from "commander";
import { defaultRuntime, runtimeCatalogue } from "../runtime/catalogue.ts";

/** Options of every command that makes a plan. */
export interface PlanOptions {
  readonly topology?: string;
  readonly set: readonly string[];
  readonly seed?: string;
  readonly quick: boolean;
  readonly engine?: string;
  readonly agents?: string;
  readonly runtime: string;
}

/** Adds those options to a command. */
export function withPlanOptions(command: Command): Command {
  return withSetOption(
    command.option("--topology <name|path>", "run on this topology instead of the scenario's own"),
  )
    .option(
      "--seed <number>",
      "decides order and moments of the faults, and every operation of a benchmark; drawn and printed when not given",
    )
    .option("--quick", "the scenario's quick form: fewer injections or steps, shorter phases", false)
    .option("--engine <name>", "what sends a benchmark's load: native, pgbench or k6")
    .option("--agents <number>", "processes that share a benchmark's schedule between them")
    .option(
      "--runtime <name>",
      `where containers run: ${Object.keys(runtimeCatalogue).join(", ")}`,
      defaultRuntime.name,
    );
}

/** Adds `--set`, which may be given several times. */
export function withSetOption(command: Command): Command {
  return command.option(
    "--set <path=value>",
    "change a field, such as patroni.ttl=30, workers.groups=8, load.writeProbe.ratePerSecond=50, benchmark.parameters.rows=1000000 or budgets.readySeconds=300 (repeatable)",
    (value: string, before: readonly string[]) => [...before, value],
    [],
  );
}
