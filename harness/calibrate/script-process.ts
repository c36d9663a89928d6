import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { LineChannel } from "../model/capabilities.ts";

/** A bundled script in a process of its own, spoken to in lines. Closing its input ends it. */
export interface ScriptProcess extends AsyncDisposable {
  readonly channel: LineChannel;
  readonly pid: number;
}

/** How long a process may take to end by itself before it is ended. */
const END_MS = 2_000;

export function startScript(file: string, ...values: readonly string[]): ScriptProcess {
  const child = spawn(process.execPath, [file, ...values], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  child.stdin.on("error", () => undefined);
  const close = async (): Promise<void> => {
    child.stdin.end();
    const limit = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await ended;
    clearTimeout(limit);
  };
  return {
    // Without one it could not be started: its channel ends at once, which is what its user is told.
    pid: child.pid ?? 0,
    channel: {
      send: (line) => void child.stdin.write(`${line}\n`),
      lines: createInterface({ input: child.stdout }),
      close,
    },
    [Symbol.asyncDispose]: close,
  };
}
