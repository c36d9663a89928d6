import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectEngine, type EngineSearch } from "./engine.ts";

let home: string;
let server: Server | undefined;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "dpg-bench-engine-"));
  await chmod(home, 0o755);
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(home, { recursive: true });
});

describe("connectEngine", () => {
  it("resolves with a client once the engine that DOCKER_HOST names has answered", async () => {
    const socket = await engineAt("docker.sock", (_request, response) => response.end("OK"));
    const engine = await connectEngine(search({ DOCKER_HOST: `unix://${socket}` }));
    expect(String(await engine.ping())).toBe("OK");
  });

  it("finds a rootless engine by XDG_RUNTIME_DIR when there is no system-wide one", async () => {
    await engineAt("docker.sock", (_request, response) => response.end("OK"));
    const engine = await connectEngine(search({ XDG_RUNTIME_DIR: home }));
    expect(String(await engine.ping())).toBe("OK");
  });

  it("says that there is no engine, and where it looked", async () => {
    await expect(connectEngine(search({}))).rejects.toMatchObject({
      code: "docker-missing",
      exitCode: 69,
      message: expect.stringContaining("/var/run/docker.sock") as string,
      hint: expect.stringContaining("dpg-bench setup") as string,
    });
  });

  it("says that the engine does not run when nothing listens where DOCKER_HOST points", async () => {
    const there = `unix://${home}/nobody.sock`;
    await expect(connectEngine(search({ DOCKER_HOST: there }))).rejects.toMatchObject({
      code: "docker-not-running",
      exitCode: 69,
      message: expect.stringContaining(there) as string,
    });
  });

  it.runIf(process.getuid?.() === 0)("says that the user has no rights to the socket", async () => {
    const socket = await engineAt("docker.sock", (_request, response) => response.end("OK"));
    await chmod(socket, 0o600);
    process.seteuid?.(65_534);
    try {
      await expect(connectEngine(search({ DOCKER_HOST: `unix://${socket}` }))).rejects.toMatchObject({
        code: "docker-no-rights",
        exitCode: 69,
        hint: expect.stringContaining("usermod") as string,
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it("gives an engine that does not answer no more than its budget", async () => {
    const socket = await engineAt("docker.sock", () => undefined);
    const hurried = { ...search({ DOCKER_HOST: `unix://${socket}` }), budgetMs: 50 };
    await expect(connectEngine(hurried)).rejects.toMatchObject({ code: "docker-silent", exitCode: 69 });
  });
});

/** A machine without a system-wide engine. */
function search(environment: EngineSearch["environment"]): EngineSearch {
  return {
    environment,
    exists: (file) => file.startsWith(home) && existsSync(file),
    home,
    budgetMs: 10_000,
  };
}

async function engineAt(name: string, listener: RequestListener): Promise<string> {
  const socket = path.join(home, name);
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(socket, resolve));
  return socket;
}
