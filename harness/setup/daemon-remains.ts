import path from "node:path";
import type { Machine, ProcessEntry } from "./machine.ts";

/** Where one Docker daemon keeps what it must not share with another. */
export interface DaemonPlace {
  readonly pidFile: string;
  readonly execRoot: string;
  /** Containers outlive the daemon on purpose (`live-restore`), so their processes are no remains. */
  readonly liveRestore: boolean;
}

/** What a daemon that was killed left behind. Empty lists where a daemon lives, or ended in order. */
export interface DaemonRemains {
  /** Pid files that name a process which is not (or no longer) what they say: the next daemon would believe them. */
  readonly stalePidFiles: readonly string[];
  /** The dead daemon's containerd and containerd-shims that still run. */
  readonly processes: readonly ProcessEntry[];
}

/** Where the machine's own daemon lives: Docker's defaults, changed by /etc/docker/daemon.json. */
export async function daemonPlace(machine: Machine): Promise<DaemonPlace> {
  const settings = parseSettings(await machine.readText("/etc/docker/daemon.json"));
  return {
    pidFile: settings.pidfile ?? "/var/run/docker.pid",
    execRoot: settings["exec-root"] ?? "/var/run/docker",
    liveRestore: settings["live-restore"] ?? false,
  };
}

/**
 * Looks for the remains of a dead daemon. dockerd 20.10 refuses to start while docker.pid names any living
 * process, and waits in vain for its containerd while containerd.pid does (a zombie is enough for both).
 */
export async function findRemains(machine: Machine, place: DaemonPlace): Promise<DaemonRemains> {
  const processes = await machine.processes();
  if (await daemonLives(machine, place, processes)) return { stalePidFiles: [], processes: [] };
  const containerd = path.join(place.execRoot, "containerd");
  const remaining = processes.filter(
    ({ command }) =>
      (programOf(command) === "containerd" && mentions(command, path.join(containerd, "containerd.toml"))) ||
      (programOf(command).startsWith("containerd-shim") &&
        mentions(command, path.join(containerd, "containerd.sock"))),
  );
  const containerdPidFile = path.join(containerd, "containerd.pid");
  const containerdPid = await readPid(machine, containerdPidFile);
  const containerdLives = remaining.some(
    ({ pid, command }) => pid === containerdPid && programOf(command) === "containerd",
  );
  return {
    stalePidFiles: [
      ...((await readPid(machine, place.pidFile)) === null ? [] : [place.pidFile]),
      ...(containerdPid === null || containerdLives ? [] : [containerdPidFile]),
    ],
    processes: place.liveRestore ? [] : remaining,
  };
}

/** A dockerd that the pid file names, or one that was started with this pid file or (by default) without any. */
async function daemonLives(
  machine: Machine,
  place: DaemonPlace,
  processes: readonly ProcessEntry[],
): Promise<boolean> {
  const named = await readPid(machine, place.pidFile);
  const standard = canonical(place.pidFile) === "/run/docker.pid";
  return processes.some(({ pid, command }) => {
    if (programOf(command) !== "dockerd") return false;
    const option = optionValue(command, "pidfile");
    if (option !== null) return canonical(option) === canonical(place.pidFile);
    return pid === named || standard;
  });
}

async function readPid(machine: Machine, file: string): Promise<number | null> {
  const text = await machine.readText(file);
  return text === null ? null : Number(text.trim());
}

function programOf(command: readonly string[]): string {
  return path.basename(command[0] ?? "");
}

function mentions(command: readonly string[], file: string): boolean {
  return command.some((argument) => canonical(argument) === canonical(file));
}

/** The value of `--name value` or `--name=value` (one dash does as well); null without it. */
function optionValue(command: readonly string[], name: string): string | null {
  const at = command.findIndex((argument) => argument.replace(/^--?/, "").split("=")[0] === name);
  const argument = command[at];
  if (argument === undefined) return null;
  return argument.includes("=") ? argument.slice(argument.indexOf("=") + 1) : (command[at + 1] ?? null);
}

/** /var/run is a link to /run on every system with Docker. */
function canonical(file: string): string {
  return file.replace(/^\/var\/run\//, "/run/");
}

interface DaemonSettings {
  readonly pidfile?: string;
  readonly "exec-root"?: string;
  readonly "live-restore"?: boolean;
}

/** Settings that cannot be read are the daemon's to complain about. */
function parseSettings(text: string | null): DaemonSettings {
  try {
    return JSON.parse(text ?? "{}") as DaemonSettings;
  } catch {
    return {};
  }
}
