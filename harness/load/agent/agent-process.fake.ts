import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import type { LineChannel } from "../../model/capabilities.ts";

/** The real agent's process, bundled as it is for its image, started on this machine. */
export interface AgentProcess extends AsyncDisposable {
  readonly pid: number;
  readonly channel: LineChannel;
  /** Resolves with the exit code when the process has ended. */
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Stops (or goes on) reading what the agent says. */
  pauseReading(paused: boolean): void;
}

export async function startAgentProcess(environment: NodeJS.ProcessEnv = {}): Promise<AgentProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-agent-"));
  const outfile = path.join(folder, "agent.cjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "agent-main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["pg-native"],
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [outfile], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  child.stdin.on("error", () => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    pauseReading: (paused) => {
      if (paused) child.stdout.pause();
      else child.stdout.resume();
    },
    channel: {
      send: (line) => void child.stdin.write(`${line}\n`),
      lines: createInterface({ input: child.stdout }),
      close: async () => {
        child.stdin.end();
        await ended;
      },
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
