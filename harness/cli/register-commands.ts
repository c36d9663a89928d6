import type { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { registerCalibrate } from "./commands/calibrate.ts";
import { registerClean } from "./commands/clean.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerDown } from "./commands/down.ts";
import { registerList } from "./commands/list.ts";
import { registerPlan } from "./commands/plan.ts";
import { registerReport } from "./commands/report.ts";
import { registerRun } from "./commands/run.ts";
import { registerSetup } from "./commands/setup.ts";
import { registerStatus } from "./commands/status.ts";
import { registerUp } from "./commands/up.ts";

/** Every command, in groups, in the order in which the help shows them. */
export function registerCommands(program: Command, context: CommandContext): void {
  program.commandsGroup("Measure:");
  registerRun(program, context);
  registerPlan(program, context);
  registerReport(program, context);
  registerCompare(program, context);
  registerList(program, context);
  registerCalibrate(program, context);
  program.commandsGroup("A cluster to work with:");
  registerUp(program, context);
  registerStatus(program, context);
  registerDown(program, context);
  program.commandsGroup("The machine:");
  registerSetup(program, context);
  registerDoctor(program, context);
  registerClean(program, context);
}
