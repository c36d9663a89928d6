import { PassThrough } from "node:stream";
import type Dockerode from "dockerode";
import type { LineChannel } from "../../../model/capabilities.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** A channel that also keeps what its process says on standard error. */
export interface AttachedChannel extends LineChannel {
  /** The last of the process's standard error, up to 64 KiB. */
  errors(): string;
}

const keptErrorCharacters = 65_536;
/** How long a process may take to end once its input has. */
const closingMs = 2000;

/**
 * Attaches to a container's standard input and output, best before it is started, so that nothing is missed. The
 * container's input is closed when this connection is (StdinOnce), whatever ends it: so its process never outlives
 * the harness.
 */
export async function attachChannel(
  container: Dockerode.Container,
  budgetMs: number,
): Promise<AttachedChannel> {
  const what = "attach to a container";
  try {
    const stream = await withinBudget(what, budgetMs, (signal) =>
      container.attach({
        stream: true,
        stdin: true,
        stdout: true,
        stderr: true,
        hijack: true,
        abortSignal: signal,
      }),
    );
    return channelOver(container, stream);
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

function channelOver(container: Dockerode.Container, stream: NodeJS.ReadWriteStream): AttachedChannel {
  const output = new PassThrough();
  const errorOutput = new PassThrough({ encoding: "utf8" });
  (container.modem as { demuxStream(from: unknown, out: unknown, err: unknown): void }).demuxStream(
    stream,
    output,
    errorOutput,
  );
  const end = () => {
    output.end();
    errorOutput.end();
  };
  // The end of the connection, for whatever reason, is the end of the process's output.
  stream.on("end", end).on("close", end).on("error", end);
  let errors = "";
  errorOutput.on("data", (text: string) => {
    errors = (errors + text).slice(-keptErrorCharacters);
  });
  return {
    send: (line) => void stream.write(`${line}\n`),
    lines: splitLines(output),
    errors: () => errors,
    close: async () => {
      stream.end();
      await endOf(output, closingMs);
      (stream as Partial<{ destroy(): void }>).destroy?.();
    },
  };
}

/** The stream keeps what nobody has asked for yet: no line is lost, whenever the reading begins. */
async function* splitLines(stream: PassThrough): AsyncGenerator<string, void> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + (chunk as string)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Resolves when the process has closed its output, or after the budget. */
async function endOf(output: PassThrough, budgetMs: number): Promise<void> {
  if (output.writableEnded) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, budgetMs);
    output.once("finish", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
