import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testImages } from "../cluster/images.fake.ts";
import { connectEngine } from "../runtime/docker/engine.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import {
  eventually,
  filesOf,
  remainsOf,
  runCliProcess,
  startCli,
  type CliProcess,
} from "./cli-process.fake.ts";
import { makeFolder, writeTinyScenario } from "./tiny-scenario.fake.ts";

let folder: string;
let engine: Dockerode;
let images: { readonly node: string; readonly agent: string };
beforeAll(async () => {
  engine = await connectEngine();
  images = await testImages();
  folder = await makeFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(
  tiny: Omit<Parameters<typeof writeTinyScenario>[1], "topology"> & { readonly topology?: string },
  ...set: readonly string[]
): Promise<CliProcess> {
  const file = await writeTinyScenario(folder, { topology: "development", ...tiny });
  // A fault's moment is drawn from a turn of Patroni's loop, even where there is no Patroni.
  const all = ["patroni.loopWait=1", ...set];
  return startCli(["run", file, "--seed", "1", ...all.flatMap((one) => ["--set", one])], { folder });
}

/** Recording kept and marked incomplete, report rendered, and nothing left in the engine. */
async function expectEndedWell(cli: CliProcess, exitCode: number, reason: RegExp): Promise<void> {
  const ended = await cli.ended;
  expect(ended.stderr).not.toMatch(/unexpected error|Warning/);
  expect(ended.exitCode).toBe(exitCode);
  const directory = await cli.directory();
  const end = JSON.parse(await readFile(path.join(directory, "end.json"), "utf8")) as unknown;
  expect(end).toMatchObject({ kind: "incomplete", reason: expect.stringMatching(reason) as string });
  expect(await filesOf(directory)).toEqual(
    expect.arrayContaining(["report.html", "junit.xml", "verdict.json"]),
  );
  expect(await readFile(path.join(directory, "report.html"), "utf8")).toMatch(reason);
  expect(await remainsOf(directory)).toEqual([]);
}

const interrupted = /Interrupted by SIGINT/;

describe("an interrupt ends a run with 130, and leaves nothing but the recording", () => {
  it("while an image is built", async () => {
    const base = `dpg-bench-test-${process.pid}/base:other`;
    const { Id } = await engine.getImage(images.node).inspect();
    const seed = await engine.createContainer({ Image: Id, Labels: { "org.dpg-bench.test": "base" } });
    await seed.commit({ repo: base.split(":")[0], tag: "other" });
    await seed.remove();
    try {
      const file = await writeTinyScenario(folder, { name: "building", topology: "development", faults: [] });
      const cli = startCli(["run", file], { folder, env: { DPG_BENCH_BASE: base } });
      await cli.says("building the node image");
      cli.kill("SIGINT");
      await expectEndedWell(cli, 130, interrupted);
      const builds = (await defaultRuntime.clusters()).filter(({ runId }) => runId === "image-build");
      expect(builds.filter(({ owner }) => owner !== "alive")).toEqual([]);
    } finally {
      await engine.getImage(base).remove({ force: true });
    }
  });

  it("while containers are created", async () => {
    const cli = await start({ name: "creating", topology: "high-availability", faults: [] });
    await cli.cluster(({ containers }) => containers.length > 0);
    cli.kill("SIGINT");
    await expectEndedWell(cli, 130, interrupted);
  });

  it("while the cluster becomes ready", async () => {
    const cli = await start({ name: "starting", topology: "high-availability", faults: [] });
    await cli.cluster(({ containers }) => containers.filter((one) => one.isRunning).length === 12);
    cli.kill("SIGINT");
    await expectEndedWell(cli, 130, interrupted);
  });

  it("in the warm-up", async () => {
    const cli = await start({ name: "warming", faults: [] }, "phases.warmupSeconds=600");
    await cli.says("Warm-up");
    cli.kill("SIGINT");
    await expectEndedWell(cli, 130, interrupted);
  });

  it.each(["kill-node", "pause-node", "isolate-node"])("in the middle of %s", async (fault) => {
    const cli = await start({ name: `amid-${fault}`, faults: [fault] }, "budgets.recoverySeconds=600");
    await cli.comesTo("observed");
    cli.kill("SIGINT");
    await expectEndedWell(cli, 130, interrupted);
    expect(await readFile(path.join(await cli.directory(), "events.ndjson"), "utf8")).toContain(
      '"moment":"healing"',
    );
  });

  it("while a ledger is read that does not answer", async () => {
    const cli = await start({ name: "reading", faults: [], steadySeconds: 3 });
    await cli.says("Warm-up");
    await pause(await cli.cluster(), "coordinator-1");
    await cli.says("Last ledger reading");
    cli.kill("SIGTERM");
    await expectEndedWell(cli, 130, /Interrupted by SIGTERM/);
  });
});

describe("a harness that does not clean up", () => {
  it("leaves a recording to report from, no load, and what the next start and clean remove: ours alone", async () => {
    const stranger = await startStranger();
    try {
      const forced = await start({ name: "forced", faults: ["pause-node"] }, "budgets.recoverySeconds=600");
      await forced.comesTo("observed");
      forced.kill("SIGINT");
      await forced.says("stopping and cleaning up");
      forced.kill("SIGINT");
      const ended = await forced.ended;
      expect(ended.exitCode).toBe(130);
      expect(ended.stderr).toContain("dpg-bench clean");

      const killed = await start({ name: "killed", faults: ["kill-node"] }, "budgets.recoverySeconds=600");
      await killed.comesTo("observed");
      // Its start has removed what the other one left.
      expect(killed.shown.stderr).toContain("Removed what an earlier run that was killed had left");
      expect(await remainsOf(await forced.directory())).toEqual([]);
      const cluster = await killed.cluster();
      killed.kill("SIGKILL");
      expect((await killed.ended).exitCode).toBeNull();
      await eventually("agent and observer to end by themselves", async () => {
        const now = (await defaultRuntime.clusters()).find(({ id }) => id === cluster.id);
        const own = now?.containers.filter(({ node }) => node === "agent" || node === "observer") ?? [];
        return own.some((one) => one.isRunning) ? null : true;
      });

      // `clean` takes every cluster that nobody uses: where a user has some, only this one is removed.
      const others = (await defaultRuntime.clusters()).some(({ id }) => id !== cluster.id);
      const cleaned = await runCliProcess(others ? ["down", cluster.id] : ["clean"], { folder });
      expect(cleaned).toMatchObject({ exitCode: 0, stderr: "" });
      expect(cleaned.stdout).toMatch(
        new RegExp(`removed development ${cluster.id}.*3 containers, 1 network`),
      );
      expect(await remainsOf(await killed.directory())).toEqual([]);
      expect(await stranger.isThere()).toBe(true);

      const report = await runCliProcess(["report", await killed.directory()], { folder });
      expect(report.exitCode).toBe(2);
      expect(report.stdout).toContain("INCOMPLETE");
      expect(await filesOf(await killed.directory())).toContain("report.html");
    } finally {
      await stranger.remove();
    }
  });
});

describe("a process that the harness depends on dies: the run ends with 70 and says so", () => {
  it.each([
    ["agent", /The agent is gone/],
    ["observer", /The observer has ended before its time/],
  ])("the %s", async (node, reason) => {
    const cli = await start({ name: `without-${node}`, faults: [] }, "phases.steadySeconds=600");
    await cli.says("Warm-up");
    const { containers } = await cli.cluster();
    await engine.getContainer(containers.find((one) => one.node === node)?.name ?? "").kill();
    await expectEndedWell(cli, 70, reason);
    expect(cli.shown.stderr).toContain(`logs/${node}.log`);
  });
});

describe("a cluster that does not become ready: 70, what is missing, the last log lines, logs kept", () => {
  it("because a container ends, which is told at once", async () => {
    const cli = await start(
      { name: "crooked", topology: "high-availability", faults: [] },
      "postgres.parameters.shared_preload_libraries=no_such_library",
      "budgets.readySeconds=3600",
    );
    await expectEndedWell(cli, 70, /has ended/);
    expect(cli.shown.stderr).toMatch(/--- coordinator-\d, last lines/);
    expect(cli.shown.stderr).toContain('could not access file "no_such_library"');
    expect(cli.shown.stderr).toContain("missing: coordinators: no member is a primary");
    expect(await filesOf(await cli.directory())).toEqual(
      expect.arrayContaining(["logs/coordinator-1.log", "logs/etcd-3.log", "logs/haproxy.log"]),
    );
  });

  it("because a single PostgreSQL ends", async () => {
    const cli = await start(
      { name: "single", faults: [] },
      "postgres.parameters.shared_preload_libraries=no_such_library",
    );
    await expectEndedWell(cli, 70, /coordinator-1 has ended/);
    expect(cli.shown.stderr).toContain('could not access file "no_such_library"');
  });

  it("because its budget is over", async () => {
    const cli = await start(
      { name: "late", topology: "high-availability", faults: [] },
      "budgets.readySeconds=0.1",
    );
    await expectEndedWell(cli, 70, /Expected .* within/);
    expect(cli.shown.stderr).toContain("budgets.readySeconds");
    expect(cli.shown.stderr).toMatch(/missing: .*\n/);
    expect(cli.shown.stderr).toContain(path.join(await cli.directory(), "logs"));
  });
});

describe("a cluster that breaks its promises is a result", () => {
  it("that never comes back: at least, fail, 1, logs of all nodes, and nothing more is injected", async () => {
    const cli = await start(
      { name: "lost", topology: "high-availability", faults: ["kill-node", "kill-node"], below: 2 },
      "budgets.recoverySeconds=2.5",
      "budgets.redundancySeconds=0.5",
    );
    const { exitCode, stdout } = await cli.ended;
    expect(cli.shown.stderr).not.toContain("unexpected error");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/at least/);
    expect(cli.shown.stderr).toContain("Nothing more is injected");
    const directory = await cli.directory();
    expect(await filesOf(directory)).toEqual(
      expect.arrayContaining(["logs/coordinator-3.log", "logs/etcd-1.log", "logs/pgbouncer-2.log"]),
    );
    expect(JSON.parse(await readFile(path.join(directory, "end.json"), "utf8"))).toEqual({
      kind: "complete",
    });
    expect(await remainsOf(directory)).toEqual([]);
  });

  it("that comes back after its budget: fail, 1, and the next injection follows", async () => {
    const cli = await start(
      { name: "late-again", faults: ["kill-node", "pause-node"], below: 0.5 },
      "budgets.recoverySeconds=1",
    );
    const { exitCode, stderr } = await cli.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("service did not come back within its budget");
    expect(stderr).toContain("Injection 2 of 2");
    const directory = await cli.directory();
    const events = await readFile(path.join(directory, "events.ndjson"), "utf8");
    expect(events.match(/"moment":"healed"/g)).toHaveLength(2);
    expect(await remainsOf(directory)).toEqual([]);
  });
});

it("two runs at once both end properly", async () => {
  const runs = await Promise.all(
    ["one", "other"].map((name) =>
      start({ name, topology: "high-availability", faults: ["crash-postgres"] }),
    ),
  );
  for (const cli of runs) {
    const { exitCode, stdout, stderr } = await cli.ended;
    expect(stderr).not.toContain("Removed what");
    // So much on one machine may keep the client from its schedule, and then nothing is decided (2), or the cluster from
    // serving for a second while nothing is done to it (1).
    expect([0, 1, 2]).toContain(exitCode);
    expect(stdout).toContain("report.html");
    const directory = await cli.directory();
    expect(JSON.parse(await readFile(path.join(directory, "end.json"), "utf8"))).toEqual({
      kind: "complete",
    });
    expect(await remainsOf(directory)).toEqual([]);
  }
});

async function pause(cluster: Awaited<ReturnType<CliProcess["cluster"]>>, node: string): Promise<void> {
  await engine.getContainer(cluster.containers.find((one) => one.node === node)?.name ?? "").pause();
}

/** A container and a network that are not dpg-bench's. */
async function startStranger() {
  const name = `stranger-${process.pid}`;
  const network = await engine.createNetwork({ Name: name });
  const container = await engine.createContainer({
    name,
    Image: images.node,
    Entrypoint: ["sleep", "600"],
    HostConfig: { NetworkMode: name },
  });
  await container.start();
  return {
    isThere: async (): Promise<boolean> => {
      const { State } = await container.inspect();
      await network.inspect();
      return State.Running;
    },
    remove: async () => {
      await container.remove({ force: true });
      await network.remove();
    },
  };
}
