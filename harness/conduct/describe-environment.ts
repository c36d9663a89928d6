import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { RunningCluster } from "./bring-up-cluster.ts";
import type { Clock } from "../model/clock.ts";
import type { Environment } from "../model/environment.ts";
import { packageRoot } from "../package-root.ts";

/** On what a run runs: this machine, this dpg-bench, and what the cluster reports of itself. */
export async function describeEnvironment(cluster: RunningCluster, clock: Clock): Promise<Environment> {
  const startedAt = clock.wallTime().toISOString();
  const [version, reported] = await Promise.all([packageVersion(), cluster.environment()]);
  return { dpgBench: { version }, startedAt, machine: describeMachine(), ...reported };
}

function describeMachine(): Environment["machine"] {
  const cpus = os.cpus();
  const machine = {
    cpuModel: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memoryMb: Math.round(os.totalmem() / 2 ** 20),
    kernel: os.release(),
    os: os.version(),
  };
  // Memory as the kernel reports it differs by a few MB from boot to boot: whole GiB are compared.
  const comparable = [machine.cpuModel, machine.cores, Math.round(machine.memoryMb / 1024), machine.kernel];
  const fingerprint = createHash("sha256").update(JSON.stringify(comparable)).digest("hex").slice(0, 16);
  return { fingerprint, ...machine, node: process.version };
}

async function packageVersion(): Promise<string> {
  const text = await readFile(path.join(packageRoot(), "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
