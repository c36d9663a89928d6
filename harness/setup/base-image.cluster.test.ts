import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../runtime/docker/engine.ts";
import { ensureBase, imageId } from "./base-image.ts";
import { followBuild } from "./build-image.ts";
import { quietProgress } from "../model/progress.fake.ts";

const signal = new AbortController().signal;
const progress = quietProgress;
const bootstrapped = `dpg-bench-test-${process.pid}/base:bootstrapped`;
let engine: Dockerode;
let folder: string;
let registry: ChildProcess;
let registryPort: number;
let pulled: string;

// Debian's docker-registry on loopback: the engine trusts 127.0.0.0/8 without TLS.
beforeAll(async () => {
  engine = await connectEngine();
  folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-registry-"));
  registryPort = await freePort();
  pulled = `127.0.0.1:${registryPort}/debian:trixie-slim`;
  const configuration = {
    version: "0.1",
    storage: { filesystem: { rootdirectory: path.join(folder, "registry") } },
    http: { addr: `127.0.0.1:${registryPort}` },
  };
  // JSON is YAML.
  await writeFile(path.join(folder, "registry.yml"), JSON.stringify(configuration));
  registry = spawn("docker-registry", ["serve", path.join(folder, "registry.yml")], { stdio: "ignore" });
  await answering(registryPort);
  await fillRegistry();
});

afterAll(async () => {
  registry.kill();
  for (const name of [pulled, bootstrapped]) {
    if ((await imageId(engine, name)) !== null) await engine.getImage(name).remove();
  }
  await rm(folder, { recursive: true });
});

describe("ensureBase", () => {
  it("pulls the base that the user names, and does not pull it again", async () => {
    const base = await ensureBase(engine, { base: pulled, progress, signal });
    expect(base.name).toBe(pulled);
    registry.kill("SIGSTOP");
    try {
      expect(await ensureBase(engine, { base: pulled, progress, signal })).toEqual(base);
    } finally {
      registry.kill("SIGCONT");
      await engine.getImage(pulled).remove();
    }
  });

  it("pulls Debian where a registry answers", async () => {
    const base = await ensureBase(engine, {
      base: undefined,
      pullAs: pulled,
      bootstrapAs: bootstrapped,
      progress,
      signal,
    });
    expect(base.name).toBe(pulled);
  });

  it("does not put another base in the place of one that the user names", async () => {
    const missing = `127.0.0.1:${registryPort}/debian:not-there`;
    await expect(ensureBase(engine, { base: missing, progress, signal })).rejects.toMatchObject({
      code: "base-missing",
      exitCode: 69,
      message: expect.stringContaining(missing) as string,
    });
  });

  it("bootstraps Debian from its mirror where no registry answers", async () => {
    const nobody = `127.0.0.1:${await freePort()}/debian:trixie-slim`;
    const base = await ensureBase(engine, {
      base: undefined,
      pullAs: nobody,
      bootstrapAs: bootstrapped,
      progress,
      signal,
    });
    expect(base.name).toBe(bootstrapped);
    const [output] = await run(bootstrapped, ["cat", "/etc/debian_version"]);
    expect(output).toMatch(/^13/);
  });
});

/** Puts a one-file image into the registry and takes it off the engine. */
async function fillRegistry(): Promise<void> {
  await writeFile(path.join(folder, "file"), "x");
  spawnSync("tar", ["-C", folder, "-cf", path.join(folder, "base.tar"), "file"]);
  const [repo, tag] = [pulled.slice(0, pulled.lastIndexOf(":")), "trixie-slim"];
  const imported = await engine.importImage(path.join(folder, "base.tar"), { repo, tag });
  await followBuild(imported, () => undefined, signal);
  const pushed = await engine.getImage(pulled).push({ authconfig: {} });
  await followBuild(pushed, () => undefined, signal);
  await engine.getImage(pulled).remove();
}

async function run(image: string, command: string[]): Promise<string[]> {
  const container = await engine.createContainer({ Image: image, Cmd: command });
  try {
    await container.start();
    await container.wait();
    const log = await container.logs({ stdout: true });
    return [log.subarray(8).toString("utf8")];
  } finally {
    await container.remove({ force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null);
    if (response?.ok === true) return;
    await delay(100);
  }
  throw new Error(`docker-registry does not answer on port ${port}`);
}
