import type { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { HarnessError } from "../../model/errors.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { readOutput, type MostOutput } from "./read-output.ts";
import { withinBudget } from "./within-budget.ts";

/** A container's log, to be read. */
export interface LogRequest {
  /** What it is for, to follow "Expected the container engine to ...". */
  readonly what: string;
  readonly budgetMs: number;
  readonly timestamps: boolean;
  /** Lines at the end; null: all of it. */
  readonly tail: number | null;
}

/**
 * A PostgreSQL that refuses 15,000 statements a second logs some megabytes in each. How a log begins and how it ends are
 * what one looks for: so much of each node's is kept.
 */
const MOST_LOG: MostOutput = { head: 2 * 2 ** 20, tail: 6 * 2 ** 20 };

/** What a node has printed since it was created (see readLog); of one with a channel, the end of its standard error. */
export async function readLogs(cluster: DockerCluster, node: string): Promise<string> {
  const channel = cluster.channel(node);
  if (channel !== undefined) return channel.errors();
  return await readLog(cluster.container(node), {
    what: `read the log of ${node}`,
    budgetMs: cluster.commandMs,
    timestamps: true,
    tail: null,
  });
}

/**
 * What a container has printed. The middle of a log of more than 8 MiB is left out, and a line says how much that is; a
 * log that the engine does not give to its end within the budget is given as far as it came, and says so too.
 */
export async function readLog(container: Dockerode.Container, request: LogRequest): Promise<string> {
  const { what, budgetMs } = request;
  try {
    const stream = await withinBudget(what, budgetMs, (signal) => openLog(container, request, signal));
    const late = setTimeout(() => stream.destroy(lateEnd(request)), budgetMs);
    const { text, brokenOff } = await readOutput(stream, MOST_LOG);
    clearTimeout(late);
    if (brokenOff === null) return text;
    if (text === "") throw brokenOff;
    return `${text}\n(dpg-bench: the rest of this log could not be read: ${String(brokenOff)})\n`;
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

/**
 * dockerode gives a log that is not followed in one piece, however large it is; this is the same call for a stream, of
 * which its types do not know.
 */
function openLog(
  container: Dockerode.Container,
  { timestamps, tail }: LogRequest,
  abortSignal: AbortSignal,
): Promise<Readable> {
  const { id, modem } = container as unknown as { readonly id: string; readonly modem: Modem };
  const options = { stdout: true, stderr: true, follow: false, timestamps, tail: tail ?? "all" };
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${id}/logs?`,
        method: "GET",
        isStream: true,
        abortSignal,
        statusCodes: { 200: true, 404: "no such container", 500: "server error" },
        options,
      },
      (error, stream) => {
        if (error === null) resolve(stream);
        else reject(error);
      },
    );
  });
}

interface Modem {
  dial(request: object, done: (error: Error | null, stream: Readable) => void): void;
}

function lateEnd({ what, budgetMs }: LogRequest): HarnessError {
  return new HarnessError({
    code: "engine-timeout",
    message: `Expected the container engine to ${what} within ${budgetMs / 1000} s, found it still at work.`,
  });
}
