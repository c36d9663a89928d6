import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { defaultRuntime } from "../runtime/catalogue.ts";
import type { FoundCluster } from "../runtime/container-runtime.ts";
import { packageRoot } from "../package-root.ts";

/** How long a test waits for anything at all: a condition that never holds ends it, a slow machine does not. */
const PATIENCE_MS = 180_000;

/** The real command line in a process of its own. */
export interface CliProcess {
  readonly process: ChildProcess;
  readonly shown: { stdout: string; stderr: string };
  /** Resolves when it has ended; the exit code is null when a signal ended it. */
  readonly ended: Promise<{
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void;
  /** The run's folder, as soon as it has said so. */
  directory(): Promise<string>;
  /** The run's cluster, as soon as the engine has something of it and `holds` is true of it. */
  cluster(holds?: (cluster: FoundCluster) => boolean): Promise<FoundCluster>;
  /** Resolves when standard error contains the text. */
  says(text: string): Promise<void>;
  /** Resolves when the recording's events hold an injection that has come to this moment. */
  comesTo(moment: string): Promise<void>;
}

/** Starts `dpg-bench ARGUMENTS` as it was built (`npm run build`), in a folder. */
export function startCli(
  argv: readonly string[],
  options: {
    readonly folder: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly uid?: number;
  },
): CliProcess {
  const main = path.join(packageRoot(), "dist/harness/cli/main.js");
  if (!existsSync(main)) throw new Error(`Expected the compiled command line at ${main}: npm run build`);
  const child = spawn(process.execPath, [main, ...argv], {
    cwd: options.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const shown = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (shown.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (shown.stderr += text));
  const state = { over: false };
  const ended = new Promise<Awaited<CliProcess["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      state.over = true;
      resolve({ exitCode, ...shown });
    });
  });
  const wait = async <T>(what: string, look: () => Promise<T | null>): Promise<T> =>
    await eventually(what, look, () => (state.over ? `the process ended: ${shown.stderr}` : null));
  const cli: CliProcess = {
    process: child,
    shown,
    ended,
    kill: (signal) => void child.kill(signal),
    directory: () =>
      wait("the run's folder", () => Promise.resolve(/Recording to (\S+)/.exec(shown.stderr)?.[1] ?? null)),
    cluster: async (holds = () => true) => {
      const runId = path.basename(await cli.directory());
      return await wait("the run's cluster", async () => {
        const found = (await defaultRuntime.clusters()).find((cluster) => cluster.runId === runId);
        return found !== undefined && holds(found) ? found : null;
      });
    },
    says: async (text) => {
      await wait(`"${text}"`, () => Promise.resolve(shown.stderr.includes(text) || null));
    },
    comesTo: async (moment) => {
      const directory = await cli.directory();
      await wait(`the moment "${moment}"`, async () => {
        const events = await readFile(path.join(directory, "events.ndjson"), "utf8").catch(() => "");
        return events.includes(`"moment":"${moment}"`) || null;
      });
    },
  };
  return cli;
}

/** Runs a command line to its end. */
export async function runCliProcess(
  ...args: Parameters<typeof startCli>
): Promise<Awaited<CliProcess["ended"]>> {
  return await startCli(...args).ended;
}

/** Looks until there is something; throws when patience is over, or when `hopeless` says why to stop looking. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null>,
  hopeless: () => string | null = () => null,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const why = hopeless();
    const found = await look();
    if (found !== null) return found;
    if (why !== null || performance.now() > deadline)
      throw new Error(`Expected ${what}; ${why ?? "it never came"}`);
    await delay(50);
  }
}

/** What the engine still has of a run. */
export async function remainsOf(directory: string): Promise<readonly FoundCluster[]> {
  return (await defaultRuntime.clusters()).filter(({ runId }) => runId === path.basename(directory));
}

/** Everything in a folder of a run, by name. */
export async function filesOf(directory: string): Promise<readonly string[]> {
  return (await readdir(directory, { recursive: true })).toSorted();
}
