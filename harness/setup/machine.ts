import { access, readdir, readFile } from "node:fs/promises";
import { constants } from "node:fs";
import { release } from "node:os";
import path from "node:path";
import { connectEngine } from "../runtime/docker/engine.ts";
import { MachineError } from "../model/errors.ts";

/** A process of this machine, as /proc shows it. A zombie has an empty command. */
export interface ProcessEntry {
  readonly pid: number;
  readonly command: readonly string[];
}

/** What the machine's engine says of itself; everything but `answers` names the problem as connectEngine does. */
export type EngineState =
  | { readonly state: "answers"; readonly images: readonly string[] }
  | {
      readonly state: "docker-missing" | "docker-not-running" | "docker-no-rights" | "docker-silent";
      readonly problem: MachineError;
    };

/** What set-up may ask of a machine before it decides anything. Reads only; a fake stands in for it in tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly kernel: string;
  readonly userId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of a file, or null where it cannot be read. */
  readText(file: string): Promise<string | null>;
  exists(file: string): Promise<boolean>;
  /** Path of a program on PATH or in the system's folders, or null. */
  findProgram(name: string): Promise<string | null>;
  processes(): Promise<readonly ProcessEntry[]>;
  engine(): Promise<EngineState>;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    kernel: release(),
    userId: process.getuid?.() ?? -1,
    environment: process.env,
    readText: (file) => readFile(file, "utf8").catch(() => null),
    exists: (file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    findProgram,
    processes: listProcesses,
    engine: askEngine,
  };
}

async function findProgram(name: string): Promise<string | null> {
  const folders = [
    ...(process.env.PATH ?? "").split(path.delimiter),
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
  ];
  for (const folder of folders) {
    const candidate = path.join(folder, name);
    const runnable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== "" && runnable) return candidate;
  }
  return null;
}

async function listProcesses(): Promise<readonly ProcessEntry[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found = entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(async (entry): Promise<ProcessEntry> => {
      const command = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
      return { pid: Number(entry), command: command.split("\0").filter((part) => part !== "") };
    });
  return await Promise.all(found);
}

async function askEngine(): Promise<EngineState> {
  try {
    const engine = await connectEngine();
    const images = await engine.listImages();
    // The types say that RepoTags is always there; the engine says null for images without a name.
    return {
      state: "answers",
      images: images.flatMap((image) => (image.RepoTags as string[] | null) ?? []),
    };
  } catch (error) {
    if (error instanceof MachineError && isEngineProblem(error.code)) {
      return { state: error.code, problem: error };
    }
    throw error;
  }
}

function isEngineProblem(code: string): code is Exclude<EngineState["state"], "answers"> {
  return ["docker-missing", "docker-not-running", "docker-no-rights", "docker-silent"].includes(code);
}
