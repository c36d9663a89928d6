import { Command, CommanderError } from "commander";
import { DpgError } from "../model/errors.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { isSuppressed } from "../support/suppressed.ts";
import type { CliIo } from "./cli-io.ts";
import type { CommandContext } from "./command-context.ts";
import { interrupt } from "./interrupt.ts";
import { registerCommands } from "./register-commands.ts";
import { renderError } from "./render-error.ts";
import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../package-root.ts";

/** Exit code for a command line that is wrong (sysexits: EX_USAGE). */
const USAGE = 64;

const EXAMPLES = `
Examples:
  $ dpg-bench setup                                     make this machine ready
  $ dpg-bench plan failover-coordinator                 what would happen, and what is predicted
  $ dpg-bench run failover-coordinator --quick          the answer in two minutes
  $ dpg-bench run failover-coordinator --topology production-as-documented
  $ dpg-bench run failover-coordinator --set patroni.ttl=30 --set workers.groups=8
  $ dpg-bench run latency-simple-select throughput-simple --topology development
  $ dpg-bench run latency-simple-select --engine pgbench
  $ dpg-bench report latest                             the newest run again, from its recording

Exit codes: 0 every target passed, 1 a target failed, 2 unknown (too little data), 64 the command line or a file is
wrong, 69 the machine lacks something, 70 dpg-bench itself failed, 130 interrupted.
`;

/** Runs one command line and resolves with its exit code. Never throws, and never ends the process by itself. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const controller = new AbortController();
  using _signals = io.onSignal((signal) => interrupt(signal, controller, io));
  let exitCode = 0;
  const answer = { json: false };
  const context: CommandContext = {
    io,
    runtime: defaultRuntime,
    signal: controller.signal,
    endWith: (code) => {
      exitCode = code;
    },
    answerWithJson: () => {
      answer.json = true;
    },
  };
  try {
    await newProgram(io, context).parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const rendered = renderError(firstReason(error, controller.signal), {
      colour: io.colour.stderr,
      debug: io.env.DPG_BENCH_DEBUG === "1",
    });
    io.styled.stderr(rendered.text);
    if (answer.json) io.stdout(`${JSON.stringify(rendered.document, null, 2)}\n`);
    return rendered.exitCode;
  }
}

function newProgram(io: CliIo, context: CommandContext): Command {
  const program = new Command("dpg-bench")
    .description(
      "Brings a distributed PostgreSQL cluster up in containers, puts load on it, breaks it on purpose,\n" +
        "and says with evidence whether it kept its documented promises.",
    )
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, getOutHelpWidth: () => io.width })
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", EXAMPLES);
  registerCommands(program, context);
  return program;
}

/** Whatever broke because of the interruption is the interruption; what dpg-bench says by itself stands. */
function firstReason(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted && !(error instanceof DpgError) && !isSuppressed(error) ? signal.reason : error;
}

/** The version in package.json. */
export function packageVersion(): string {
  const text = readFileSync(path.join(packageRoot(), "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
