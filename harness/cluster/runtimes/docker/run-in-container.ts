import { PassThrough } from "node:stream";
import type Dockerode from "dockerode";
import { HarnessError } from "../../../model/errors.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** A command inside a running container. */
export interface ContainerCommand {
  /** What it is for, to follow "Expected the container engine to ...". */
  readonly what: string;
  readonly command: readonly string[];
  readonly user: string;
  readonly budgetMs: number;
}

/** Runs the command and resolves with what it printed; a HarnessError with its last words when it fails. */
export async function runInContainer(
  container: Dockerode.Container,
  request: ContainerCommand,
): Promise<string> {
  const { what, budgetMs } = request;
  const { exitCode, output } = await withinBudget(what, budgetMs, (signal) =>
    execute(container, request, signal),
  ).catch((error: unknown) => {
    throw explainEngineError(what, error);
  });
  if (exitCode === 0) return output;
  throw new HarnessError({
    code: "command-failed",
    message: `Expected a command to ${what}, found exit code ${exitCode} of \`${oneLine(request.command)}\`: ${output.trim().slice(-2000)}`,
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
): Promise<{ exitCode: number; output: string }> {
  const exec = await container.exec({
    Cmd: [...request.command],
    User: request.user,
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: signal,
  });
  const stream = await exec.start({ hijack: true, stdin: false, abortSignal: signal });
  signal.addEventListener("abort", () => stream.destroy());
  const output = await collect(container, stream);
  const { ExitCode } = await exec.inspect({ abortSignal: signal });
  return { exitCode: ExitCode ?? -1, output };
}

/** Standard output and error together, in the order in which they came. */
async function collect(container: Dockerode.Container, stream: NodeJS.ReadWriteStream): Promise<string> {
  const both = new PassThrough();
  (container.modem as { demuxStream(from: unknown, out: unknown, err: unknown): void }).demuxStream(
    stream,
    both,
    both,
  );
  stream.on("end", () => both.end());
  stream.on("error", (error: Error) => both.destroy(error));
  stream.on("close", () => both.end());
  const chunks: Buffer[] = [];
  for await (const chunk of both) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
