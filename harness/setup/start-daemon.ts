import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { MachineError } from "../model/errors.ts";

/** How a daemon is started in a session of its own, and how one knows that it answers. */
export interface DaemonStart {
  /** Program and arguments: `dockerd`. */
  readonly command: readonly string[];
  readonly logFile: string;
  /** Rejects while the daemon does not answer. */
  readonly connect: () => Promise<unknown>;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/**
 * Starts a daemon that outlives this process, and resolves when it answers. Raises a MachineError
 * `docker-does-not-start` with the end of its log when it ends or stays silent; what was started is ended then.
 */
export async function startDaemon(start: DaemonStart): Promise<void> {
  const log = await open(start.logFile, "a");
  const [program = "", ...parameters] = start.command;
  const child = spawn(program, parameters, { detached: true, stdio: ["ignore", log.fd, log.fd] });
  let ended: string | null = null;
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code, signal) => (ended ??= `it ended with ${code ?? signal ?? "no code"}`));
  child.unref();
  try {
    await waitUntilAnswering(start, () => ended);
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    await log.close();
  }
}

/** Resolves when the engine answers; raises a MachineError `docker-does-not-start` after the budget or its end. */
export async function waitUntilAnswering(
  start: Omit<DaemonStart, "command">,
  ended: () => string | null,
): Promise<void> {
  const deadline = performance.now() + start.budgetMs;
  for (;;) {
    start.signal.throwIfAborted();
    const problem = await start.connect().then(
      () => null,
      (error: unknown) => String(error),
    );
    if (problem === null) return;
    const end = ended();
    if (end !== null || performance.now() > deadline) {
      throw await doesNotStart(
        end ?? `no answer within ${start.budgetMs / 1000} s (${problem})`,
        start.logFile,
      );
    }
    await delay(100);
  }
}

async function doesNotStart(found: string, logFile: string): Promise<MachineError> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  const lines = log.trimEnd().split("\n").slice(-10);
  return new MachineError({
    code: "docker-does-not-start",
    message: `Expected Docker Engine to start, found: ${found}.`,
    hint: `The end of its log (${logFile}):\n${lines.map((line) => `  ${line}`).join("\n")}`,
  });
}
