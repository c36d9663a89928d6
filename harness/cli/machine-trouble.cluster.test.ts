import { spawnSync } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectEngine } from "../runtime/docker/engine.ts";
import { runCliProcess } from "./cli-process.fake.ts";
import { startFakeEngine, type Refusal } from "./engine-server.fake.ts";
import { makeFolder, writeTinyScenario } from "./tiny-scenario.fake.ts";

/** A user who may do nothing, where the tests run as root. */
const NOBODY = 65_534;

let folder: string;
let scenario: string;
beforeAll(async () => {
  folder = await makeFolder();
  await chmod(folder, 0o755);
  scenario = await writeTinyScenario(folder, { name: "tiny", topology: "development", faults: [] });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(dockerHost: string, ...more: readonly string[]) {
  return await runCliProcess(["run", scenario, ...more], {
    folder,
    // Otherwise testcontainers would ask the engine for more than a fake knows, and go to another one.
    env: { DOCKER_HOST: dockerHost, TESTCONTAINERS_HOST_OVERRIDE: "127.0.0.1" },
  });
}

const nothing: Refusal = { on: /^never$/, status: 500, message: "" };

describe("a machine that cannot run it: 69, what was found, and the way out", () => {
  it("no engine where DOCKER_HOST says", async () => {
    const { exitCode, stdout, stderr } = await run("tcp://127.0.0.1:9");
    expect(exitCode).toBe(69);
    expect(stderr).toContain("Expected a Docker Engine at tcp://127.0.0.1:9, found none running");
    expect(stderr).toContain("npx dpg-bench setup");
    expect(stdout).toBe("");
  });

  it("no socket where DOCKER_HOST says, told as one JSON document when asked", async () => {
    const { exitCode, stdout } = await run(`unix://${folder}/none.sock`, "--json");
    expect(exitCode).toBe(69);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 69, error: { code: "docker-not-running" } });
  });

  it("no rights to the socket", async () => {
    const isRoot = process.getuid?.() === 0;
    await using engine = await startFakeEngine(folder, nothing, isRoot ? 0o600 : 0o000);
    const { exitCode, stderr } = await runCliProcess(["up", "development"], {
      folder,
      env: { DOCKER_HOST: engine.address },
      ...(isRoot ? { uid: NOBODY } : {}),
    });
    expect(exitCode).toBe(69);
    expect(stderr).toContain("found no rights to its socket");
    expect(stderr).toContain("usermod --append --groups docker");
  });

  it.each<[string, Refusal, RegExp]>([
    [
      "the network's name is taken",
      { on: /networks\/create/, status: 409, message: "network with name dpg-bench-1 already exists" },
      /docker network rm/,
    ],
    [
      "no network addresses are left",
      {
        on: /networks\/create/,
        status: 500,
        message: "could not find an available, non-overlapping IPv4 address pool among the defaults",
      },
      /docker network prune/,
    ],
    [
      "a container's name is taken",
      {
        on: /containers\/create/,
        status: 409,
        message: 'Conflict. The container name "/dpg-bench-1-agent" is already in use by container "0"',
      },
      /docker rm -f/,
    ],
    [
      "a port is taken",
      {
        on: /containers\/create/,
        status: 500,
        message: "Bind for 127.0.0.1:5432 failed: port is already allocated",
      },
      /ss -ltnp/,
    ],
    [
      "the engine's disk is full",
      { on: /containers\/create/, status: 500, message: "mkdir /var/lib/docker/x: no space left on device" },
      /docker system prune/,
    ],
    [
      "the engine goes away",
      { on: /networks\/create/, status: 500, message: "connect ECONNREFUSED /var/run/docker.sock" },
      /start it again/,
    ],
  ])("%s", async (_what, refusal, hint) => {
    await using engine = await startFakeEngine(folder, refusal);
    const { exitCode, stderr } = await run(engine.address);
    expect(stderr).toContain(refusal.message);
    expect(stderr).toMatch(hint);
    expect(exitCode).toBe(69);
  });

  it("results cannot be written", async () => {
    await writeFile(path.join(folder, "no-folder"), "");
    await using engine = await startFakeEngine(folder, nothing);
    const { exitCode, stderr } = await run(engine.address, "--out", path.join(folder, "no-folder"));
    expect(exitCode).toBe(69);
    expect(stderr).toContain("no-folder");
  });

  it("an image does not build: 70, its last lines and the path of its log", async () => {
    const base = `dpg-bench-test-${process.pid}/base:empty`;
    const engine = await connectEngine();
    const [repo, tag] = base.split(":");
    await mkdir(path.join(folder, "base"), { recursive: true });
    await writeFile(path.join(folder, "base/file"), "not a system\n");
    spawnSync("tar", ["-C", path.join(folder, "base"), "-cf", path.join(folder, "base.tar"), "."]);
    const imported = await engine.importImage(path.join(folder, "base.tar"), { repo, tag });
    for await (const _line of imported) continue;
    try {
      const { exitCode, stderr } = await runCliProcess(["run", scenario], {
        folder,
        env: {
          DPG_BENCH_BASE: base,
          XDG_STATE_HOME: folder,
          SSL_CERT_FILE: "",
          NODE_EXTRA_CA_CERTS: "",
        },
      });
      expect(exitCode).toBe(70);
      expect(stderr).toMatch(/Expected image dpg-bench\/node:\w+ to build/);
      expect(stderr).toContain(`The whole log: ${folder}/dpg-bench/build-dpg-bench-node-`);
    } finally {
      await engine.getImage(base).remove({ force: true });
    }
  });
});

describe("bad input: 64, at once, all of it, without an engine", () => {
  it("unknown names, fields and values", async () => {
    const set = ["patroni.tll=3", "workers.groups=many", "budgets.redySeconds=1"].flatMap((one) => [
      "--set",
      one,
    ]);
    const argv = ["run", "failover-cordinator", "--topology", "prodution"];
    const env = { DOCKER_HOST: "tcp://127.0.0.1:9" };
    const names = await runCliProcess(argv, { folder, env });
    expect(names.exitCode).toBe(64);
    expect(names.stderr).toContain('Did you mean "failover-coordinator"?');
    expect(names.stderr).toContain('Did you mean "production"?');
    const values = await runCliProcess(["run", scenario, ...set], { folder, env });
    expect(values.exitCode).toBe(64);
    expect(values.stderr).toContain("3 problems with what was asked");
    expect(values.stderr).toContain('Did you mean "budgets.readySeconds"?');
    expect(values.stdout).toBe("");
  });
});
