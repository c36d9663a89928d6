import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testImages } from "../cluster/images.fake.ts";
import { connectEngine } from "../cluster/runtimes/docker/engine.ts";
import type { Verdict } from "../model/verdict.ts";
import { highestOf, knownFigures, lowestOf } from "../stats/figures.ts";
import { eventually, startCli, type CliProcess } from "./cli-process.fake.ts";
import { makeFolder, writeTinyScenario } from "./tiny-scenario.fake.ts";

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
  const directory = await cli.directory();
  await eventually("the steady phase", async () => {
    const events = await readFile(path.join(directory, "events.ndjson"), "utf8").catch(() => "");
    return events.includes('"phase":"steady"') || null;
  });
  await freeze(cli, "haproxy");
  const { exitCode, stdout } = await cli.ended;
  expect(exitCode).toBe(1);
  const service = (await verdictOf(cli)).targets.find(({ target }) => target.id === "SERVICE");
  console.log(service?.sentence);
  expect(service?.outcome).toBe("fail");
  expect(service?.sentence).toMatch(/-probe, from [\d.]+ s into the run on\)/);
  const [figure] = knownFigures((service?.evidence ?? []).map((evidence) => evidence.figure));
  // A busy machine may hold up the client for moments too, but hardly for all of it.
  expect(figure === undefined ? NaN : highestOf(figure)).toBeGreaterThan(FROZEN_MS / 1000 - 1);
  expect(stdout).toContain("Not served outside the injections:");
});

async function start(
  tiny: Omit<Parameters<typeof writeTinyScenario>[1], "topology">,
  recoverySeconds: number,
): Promise<CliProcess> {
  const file = await writeTinyScenario(folder, { topology: "high-availability", ...tiny });
  const set = ["patroni.loopWait=1", `phases.recoverySeconds=${recoverySeconds}`];
  return startCli(["run", file, "--seed", "1", ...set.flatMap((one) => ["--set", one])], { folder });
}

/** Freezes every process of a node's container, as `docker pause` does, and thaws them again. */
async function freeze(cli: CliProcess, node: string): Promise<void> {
  const { containers } = await cli.cluster();
  const container = engine.getContainer(containers.find((one) => one.node === node)?.name ?? "");
  await container.pause();
  await delay(FROZEN_MS);
  await container.unpause();
}

async function verdictOf(cli: CliProcess): Promise<Verdict> {
  return JSON.parse(await readFile(path.join(await cli.directory(), "verdict.json"), "utf8")) as Verdict;
}
