import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testImages } from "../cluster/images.fake.ts";
import { connectEngine } from "../runtime/docker/engine.ts";
import type { Verdict } from "../model/verdict.ts";
import { highestOf, knownFigures, lowestOf } from "../stats/figures.ts";
import { eventually, startCli, type CliProcess } from "./cli-process.fake.ts";
import { makeFolder, writeTinyBenchmark, writeTinyScenario } from "./tiny-scenario.fake.ts";

const FROZEN_MS = 12_000;

let folder: string;
let engine: Dockerode;
beforeAll(async () => {
  engine = await connectEngine();
  await testImages();
  folder = await makeFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("a client that stood still for 12 s of a failover neither fails the cluster nor passes it, and the run says why", async () => {
  const cli = await start({ name: "frozen-agent", faults: ["crash-postgres"], below: 10 }, 25);
  await cli.comesTo("injected");
  await freeze(cli, "agent");
  const { exitCode, stdout, stderr } = await cli.ended;
  expect(stderr).not.toMatch(/unexpected error/);
  expect(exitCode).toBe(2);
  expect(stdout).toContain("The client itself stood still");
  const written = (await verdictOf(cli)).targets.find(({ target }) => target.id === "W");
  console.log(written?.sentence);
  expect(written?.outcome).toBe("unknown");
  expect(written?.sentence).toContain("since the client itself stood still");
  const [figure] = knownFigures((written?.evidence ?? []).map((evidence) => evidence.figure));
  expect(figure === undefined ? NaN : lowestOf(figure)).toBeLessThan(10);
  expect(figure === undefined ? NaN : highestOf(figure)).toBeGreaterThan(FROZEN_MS / 1000);
});

it("an entry that stood still for 12 s of the steady phase fails the cluster, with when and how long", async () => {
  const cli = await start({ name: "frozen-haproxy", faults: [], steadySeconds: 20 }, 1);
  await comesToSteady(cli);
  await freeze(cli, "haproxy");
  const { exitCode, stdout } = await cli.ended;
  expect(exitCode).toBe(1);
  const service = (await verdictOf(cli)).targets.find(({ target }) => target.id === "SERVICE");
  console.log(service?.sentence);
  expect(service?.outcome).toBe("fail");
  expect(service?.sentence).toMatch(/-probe, from \d+:[\d.]+ on\)/);
  const [figure] = knownFigures((service?.evidence ?? []).map((evidence) => evidence.figure));
  // A busy machine may hold up the client for moments too, but hardly for all of it.
  expect(figure === undefined ? NaN : highestOf(figure)).toBeGreaterThan(FROZEN_MS / 1000 - 1);
  expect(stdout).toContain("Not served outside the injections:");
});

it("a closed load whose client stood still for 8 of 10 s neither misses its throughput nor reaches it", async () => {
  // 8 clients do 100 to 400 a second while they act, and at most 80 over all of the time.
  const closed = { clients: 8, atLeast: 90 };
  const file = await writeTinyBenchmark(folder, { name: "frozen-client", steadySeconds: 10, closed });
  const cli = startCli(["run", file, "--seed", "1"], { folder });
  await comesToSteady(cli);
  await freeze(cli, "agent", 8000);
  const { exitCode, stdout } = await cli.ended;
  const throughput = (await verdictOf(cli)).targets.find(({ target }) => target.id === "L");
  console.log(throughput?.sentence);
  expect(throughput?.outcome).toBe("unknown");
  expect(throughput?.sentence).toContain("since the client itself stood still for a time");
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/the client itself stood still for [\d.]+ s of the steady phase/);
});

async function comesToSteady(cli: CliProcess): Promise<void> {
  const directory = await cli.directory();
  await eventually("the steady phase", async () => {
    const events = await readFile(path.join(directory, "events.ndjson"), "utf8").catch(() => "");
    return events.includes('"phase":"steady"') || null;
  });
}

async function start(
  tiny: Omit<Parameters<typeof writeTinyScenario>[1], "topology">,
  recoverySeconds: number,
): Promise<CliProcess> {
  const file = await writeTinyScenario(folder, { topology: "high-availability", ...tiny });
  const set = ["patroni.loopWait=1", `phases.recoverySeconds=${recoverySeconds}`];
  return startCli(["run", file, "--seed", "1", ...set.flatMap((one) => ["--set", one])], { folder });
}

/** Freezes every process of a node's container, as `docker pause` does, and thaws them again. */
async function freeze(cli: CliProcess, node: string, ms = FROZEN_MS): Promise<void> {
  const { containers } = await cli.cluster();
  const container = engine.getContainer(containers.find((one) => one.node === node)?.name ?? "");
  await container.pause();
  await delay(ms);
  await container.unpause();
}

async function verdictOf(cli: CliProcess): Promise<Verdict> {
  return JSON.parse(await readFile(path.join(await cli.directory(), "verdict.json"), "utf8")) as Verdict;
}
