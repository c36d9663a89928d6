import type Dockerode from "dockerode";
import { HarnessError } from "../../model/errors.ts";
import type { NodeCommand } from "../container-runtime.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { readOutput } from "./read-output.ts";
import { withinBudget } from "./within-budget.ts";

type ContainerCommand = NodeCommand & { readonly budgetMs: number };

/** Commands here print some lines; of one that runs wild the beginning and the end tell enough. */
const MOST_OUTPUT = { head: 2 ** 20, tail: 2 ** 20 };

/**
 * Runs the command and resolves with what it printed; a HarnessError with its last words when it fails, or prints more
 * than 2 MiB.
 */
export async function runInContainer(
  container: Dockerode.Container,
  request: ContainerCommand,
): Promise<string> {
  const { what, budgetMs } = request;
  const { exitCode, output, leftOut } = await withinBudget(what, budgetMs, (signal) =>
    execute(container, request, signal),
  ).catch((error: unknown) => {
    throw explainEngineError(what, error);
  });
  if (exitCode === 0 && leftOut === 0) return output;
  const found = exitCode === 0 ? "more than 2 MiB of output" : `exit code ${exitCode}`;
  throw new HarnessError({
    code: "command-failed",
    message: `Expected a command to ${what}, found ${found} of \`${oneLine(request.command)}\`: ${output.trim().slice(-2000)}`,
  });
}

/** Whole scripts are among the commands: their beginning tells enough. */
function oneLine(command: readonly string[]): string {
  const text = command.join(" ").replaceAll(/\s+/g, " ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

async function execute(
  container: Dockerode.Container,
  request: ContainerCommand,
  signal: AbortSignal,
): Promise<{ exitCode: number; output: string; leftOut: number }> {
  const exec = await container.exec({
    Cmd: [...request.command],
    User: request.user,
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  });
  const stream = await exec.start({ hijack: true, stdin: false, abortSignal: signal });
  signal.addEventListener("abort", () => stream.destroy());
  const { text: output, leftOut, brokenOff } = await readOutput(stream, MOST_OUTPUT);
  if (brokenOff !== null) throw brokenOff;
  const { ExitCode } = await exec.inspect({ abortSignal: signal });
  return { exitCode: ExitCode ?? -1, output, leftOut };
}
