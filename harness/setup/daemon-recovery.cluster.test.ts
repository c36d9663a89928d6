import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import Dockerode from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DpgError } from "../model/errors.ts";
import { followBuild } from "./build-image.ts";
import { findRemains, type DaemonPlace } from "./daemon-remains.ts";
import { endProcesses, removeStaleFiles } from "./end-remains.ts";
import { thisMachine } from "./machine.ts";
import { startDaemon, type DaemonStart } from "./start-daemon.ts";

const signal = new AbortController().signal;
const machine = thisMachine();
let folder: string;
let place: DaemonPlace;
let engine: Dockerode;

// A daemon of the test's own: everything in one folder, and (with networks, bridges and iptables) in a network
// namespace of its own, so that the machine's daemon notices nothing. It needs root.
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-daemon-"));
  place = {
    pidFile: path.join(folder, "docker.pid"),
    execRoot: path.join(folder, "exec"),
    liveRestore: false,
  };
  engine = new Dockerode({ socketPath: path.join(folder, "docker.sock") });
});

afterEach(async () => {
  const pid = Number(await readFile(place.pidFile, "utf8").catch(() => "0"));
  if (pid > 1 && pid !== process.pid) spawnSync("kill", ["-KILL", String(pid)]);
  await gone(pid);
  await endProcesses((await findRemains(machine, place)).processes);
  for (const mount of (await readFile("/proc/mounts", "utf8")).split("\n").reverse()) {
    const target = mount.split(" ")[1] ?? "";
    if (target.startsWith(folder)) spawnSync("umount", ["--lazy", target]);
  }
  await rm(folder, { recursive: true, force: true });
});

describe.runIf(process.getuid?.() === 0)("a Docker daemon that was killed with containers running", () => {
  it("starts again once its stale pid files are gone, and its containers can be started again", async () => {
    await start();
    expect(await findRemains(machine, place)).toEqual({ stalePidFiles: [], processes: [] });
    const container = await sleepingContainer();
    await killDaemon();

    const remains = await findRemains(machine, place);
    expect(remains.stalePidFiles).toContain(place.pidFile);
    expect(remains.processes.map(({ command }) => path.basename(command[0] ?? ""))).toContain(
      "containerd-shim-runc-v2",
    );
    await removeStaleFiles(remains.stalePidFiles);
    await start();

    expect((await container.inspect()).State.Running).toBe(false);
    await container.start();
    expect((await container.inspect()).State.Running).toBe(true);
    await container.remove({ force: true });
    expect((await findRemains(machine, place)).processes).toEqual([]);
  });

  it("starts again when its pid file names another living process", async () => {
    await writeFile(place.pidFile, String(process.pid));
    await expect(startDaemon(daemon())).rejects.toMatchObject({
      code: "docker-does-not-start",
      exitCode: 69,
      hint: expect.stringContaining("docker.pid") as string,
    });
    const remains = await findRemains(machine, place);
    expect(remains.stalePidFiles).toEqual([place.pidFile]);
    await removeStaleFiles(remains.stalePidFiles);
    await start();
    expect(String(await engine.ping())).toBe("OK");
  });

  it("starts again after all that it left running was ended", async () => {
    await start();
    const container = await sleepingContainer();
    const { Pid } = (await container.inspect()).State;
    await killDaemon();
    await endProcesses((await findRemains(machine, place)).processes);
    await gone(Pid);
    const remains = await findRemains(machine, place);
    expect(remains.processes).toEqual([]);
    await removeStaleFiles(remains.stalePidFiles);
    await start();
    expect((await container.inspect()).State.Running).toBe(false);
  });
});

/** A test's failure shows the message of an error alone; the reason lies in the daemon's log. */
async function start(): Promise<void> {
  await startDaemon(daemon()).catch((error: unknown) => {
    throw error instanceof DpgError ? new Error(`${error.message} ${error.hint}`, { cause: error }) : error;
  });
}

function daemon(): DaemonStart {
  return {
    command: [
      ...["unshare", "--net", "dockerd", "--host", `unix://${folder}/docker.sock`],
      ...["--data-root", `${folder}/data`, "--exec-root", place.execRoot, "--pidfile", place.pidFile],
    ],
    logFile: path.join(folder, "dockerd.log"),
    connect: () => engine.ping(),
    budgetMs: 60_000,
    signal,
  };
}

/** A container with nothing in it but `sleep` and the libraries it needs, with an address of the bridge network. */
async function sleepingContainer(): Promise<Dockerode.Container> {
  const libraries = spawnSync("ldd", ["/bin/sleep"], { encoding: "utf8" }).stdout.match(/\/\S+/g) ?? [];
  const archive = path.join(folder, "sleep.tar");
  spawnSync("tar", [
    "-chf",
    archive,
    "-C",
    "/",
    ...["/bin/sleep", ...libraries].map((file) => file.slice(1)),
  ]);
  const imported = await engine.importImage(archive, { repo: "sleep", tag: "1" });
  await followBuild(imported, () => undefined, signal);
  // Without an init, sleep would ignore SIGTERM and the next daemon would wait its 10 s for it.
  const container = await engine.createContainer({
    Image: "sleep:1",
    Cmd: ["/bin/sleep", "600"],
    HostConfig: { Init: true },
  });
  await container.start();
  return container;
}

/** The kernel ends its containerd with it, a moment later: a daemon started in between would wait for that one. */
async function killDaemon(): Promise<void> {
  const containerd = Number(await readFile(path.join(place.execRoot, "containerd/containerd.pid"), "utf8"));
  const pid = Number(await readFile(place.pidFile, "utf8"));
  process.kill(pid, "SIGKILL");
  await gone(pid);
  await gone(containerd);
}

/** Resolves when the process has ended, whether or not somebody has taken note of its end. */
async function gone(pid: number): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    const { length } = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`process ${pid} does not end`);
}
