import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FoundCluster } from "../runtime/container-runtime.ts";
import { connectEngine } from "../runtime/docker/engine.ts";
import { runInContainer } from "../runtime/docker/run-in-container.ts";
import type { Measurements } from "../model/measurement.ts";
import type { TargetVerdict, Verdict } from "../model/verdict.ts";
import { eventually, remainsOf, startCli, type CliProcess } from "./cli-process.fake.ts";
import { makeFolder, writeTinyScenario } from "./tiny-scenario.fake.ts";

let folder: string;
let engine: Dockerode;
beforeAll(async () => {
  engine = await connectEngine();
  folder = await makeFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function start(
  tiny: Pick<Parameters<typeof writeTinyScenario>[1], "name" | "faults" | "steadySeconds">,
  ...set: readonly string[]
): Promise<CliProcess> {
  const file = await writeTinyScenario(folder, { topology: "high-availability", ...tiny });
  return startCli(["run", file, "--seed", "1", ...set.flatMap((one) => ["--set", one])], { folder });
}

it("a standby promoted by hand, its Patroni stopped, fails the run: both members, when, and what each acknowledged", async () => {
  const cli = await start(
    { name: "promoted", faults: [], steadySeconds: 20 },
    "coordinators.synchronousMode=off",
  );
  await cli.says("Warm-up");
  const cluster = await cli.cluster();
  await inSteadyPhase(cli);
  const { primary, standby } = await membersOf(cluster);
  await signalPatroni(cluster, standby, "STOP");
  await sql(cluster, standby, "select pg_promote()");
  await delay(6000);
  await signalPatroni(cluster, standby, "CONT");

  const { exitCode, stdout } = await cli.ended;
  expect(cli.shown.stderr).not.toMatch(/unexpected error|Warning/);
  expect(exitCode).toBe(1);
  const [could, did] = await splitBrainTargets(cli);
  expect(could).toMatchObject({ outcome: "fail" });
  const members = [primary, standby].sort().join(" and ");
  expect(could!.evidence[0]).toMatchObject({ figure: { kind: "value" } });
  expect(could!.evidence[0]!.of).toMatch(
    new RegExp(
      `^coordinators: ${members}, from \\d+:[\\d.]+ to \\d+:[\\d.]+; write probes acknowledged meanwhile: ` +
        `\\d+ by ${primary} on timeline 1, none by ${standby}$`,
    ),
  );
  // HAProxy did not send anybody to the second one.
  expect(did).toMatchObject({ outcome: "pass" });
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(`Split brain: ${members} could both acknowledge writes`);
  expect(await remainsOf(await cli.directory())).toEqual([]);
});

it("a healthy run, asynchronous as it is, has not a word of it", async () => {
  const cli = await start({ name: "healthy", faults: [] }, "coordinators.synchronousMode=off");
  const { exitCode, stdout } = await cli.ended;
  // 2: so much on one machine may keep the client from its schedule, and then nothing is decided.
  expect([0, 2]).toContain(exitCode);
  expect((await splitBrainTargets(cli)).map(({ outcome }) => outcome)).toEqual(["pass", "pass"]);
  expect(stdout).not.toMatch(/Split brain|writable at once/);
  expect((await measurements(cli)).primaries).toMatchObject([{ watched: true, stretches: [] }]);
});

it("a frozen primary that wakes beside its successor could acknowledge nothing under synchronous replication, and fails nothing", async () => {
  const cli = await start({ name: "woken", faults: ["pause-node"] });
  const { exitCode } = await cli.ended;
  expect([0, 2]).toContain(exitCode);
  expect((await splitBrainTargets(cli)).map(({ outcome }) => outcome)).toEqual(["pass", "pass"]);
});

async function inSteadyPhase(cli: CliProcess): Promise<void> {
  const events = path.join(await cli.directory(), "events.ndjson");
  await eventually("the steady phase", async () => {
    const text = await readFile(events, "utf8").catch(() => "");
    return text.includes('"phase":"steady"') || null;
  });
}

async function membersOf(cluster: FoundCluster): Promise<{ primary: string; standby: string }> {
  const names = ["coordinator-1", "coordinator-2", "coordinator-3"];
  const inRecovery = await Promise.all(
    names.map((name) => sql(cluster, name, "select pg_is_in_recovery()").then((answer) => answer === "t")),
  );
  const primary = names.find((_, index) => inRecovery[index] === false);
  const standby = names.find((_, index) => inRecovery[index] === true);
  if (primary === undefined || standby === undefined) throw new Error("Expected a primary and a standby");
  return { primary, standby };
}

async function sql(cluster: FoundCluster, node: string, statement: string): Promise<string> {
  return (await inside(cluster, node, ["psql", "-XAtc", statement, "postgres"])).trim();
}

/** To Patroni's own process and those it has made, not to the PostgreSQL beside it. */
async function signalPatroni(cluster: FoundCluster, node: string, signal: "STOP" | "CONT"): Promise<void> {
  const each =
    'for each in /proc/[0-9]*; do if tr "\\0" " " < "$each/cmdline" | grep -q "^[^ ]*python.*dpg-patroni"; ' +
    `then kill -${signal} "\${each#/proc/}"; fi; done`;
  await inside(cluster, node, ["bash", "-c", each]);
}

async function inside(cluster: FoundCluster, node: string, command: readonly string[]): Promise<string> {
  const name = cluster.containers.find((container) => container.node === node)?.name ?? "";
  return await runInContainer(engine.getContainer(name), {
    what: `run ${command[0] ?? ""} in ${node}`,
    command,
    user: "postgres",
    budgetMs: 60_000,
  });
}

async function splitBrainTargets(cli: CliProcess): Promise<readonly TargetVerdict[]> {
  const { targets } = await read<Verdict>(cli, "verdict.json");
  return targets.filter(({ target }) => target.id.startsWith("SPLIT-BRAIN"));
}

async function measurements(cli: CliProcess): Promise<Measurements> {
  return await read<Measurements>(cli, "measurements.json");
}

async function read<Result>(cli: CliProcess, file: string): Promise<Result> {
  return JSON.parse(await readFile(path.join(await cli.directory(), file), "utf8")) as Result;
}
