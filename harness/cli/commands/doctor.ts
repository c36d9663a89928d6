import { Chalk } from "chalk";
import type { Command } from "commander";
import { printable } from "../../support/printable.ts";
import type { Diagnosis, Finding } from "../../setup/judge-machine.ts";
import type { CommandContext } from "../command-context.ts";

/** Exit code when a run could not start. */
const MACHINE_LACKS_SOMETHING = 69;

/** `doctor`: what is there, what is missing, and how to get it. */
export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("look at this machine: what is there, what is missing, how to get it; changes nothing")
    .option("--base <image>", "look for images built on this one instead of Debian trixie (DPG_BENCH_BASE)")
    .option("--json", "print the findings as one JSON document", false)
    .action(async ({ base, json }: { readonly base?: string; readonly json: boolean }) => {
      if (json) context.answerWithJson();
      const { diagnose } = await import("../../setup/diagnose.ts");
      const diagnosis = await diagnose({ base });
      context.io.styled.stdout(
        json
          ? `${JSON.stringify(diagnosis, null, 2)}\n`
          : renderDiagnosis(diagnosis, context.io.colour.stdout),
      );
      context.endWith(diagnosis.ready ? 0 : MACHINE_LACKS_SOMETHING);
    });
}

/** One line for each finding, the mend beneath what needs one, and a conclusion. */
export function renderDiagnosis({ ready, findings }: Diagnosis, colour: boolean): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const marks: Readonly<Record<Finding["state"], string>> = {
    ok: chalk.green("ok     "),
    limited: chalk.yellow("limited"),
    missing: chalk.red("missing"),
  };
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ what, state, found, mend }) => [
    `${marks[state]}  ${what.padEnd(width)}  ${printable(found)}`,
    ...(mend === null
      ? []
      : printable(mend)
          .split("\n")
          .map((line) => `         ${"".padEnd(width)}  ${line}`)),
  ]);
  const conclusion = ready ? "A run can start." : "A run cannot start until what is missing is there.";
  return `${[...lines, "", conclusion].join("\n")}\n`;
}
