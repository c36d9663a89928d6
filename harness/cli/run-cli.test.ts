import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunPlan } from "../model/plan.ts";
import { fakePlan } from "../plan/run-plan.fake.ts";
import { createRun } from "../store/create-run.ts";
import { fakeIo } from "./cli-io.fake.ts";
import { runCli } from "./run-cli.ts";

/** No Docker can be reached from these tests: what needs it fails, what does not must work. */
async function cli(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const io = fakeIo();
  const exitCode = await runCli(argv, io);
  return { exitCode, ...io.shown };
}

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-cli-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

describe("the command line", () => {
  it("shows its commands in groups, with examples and exit codes", async () => {
    const { exitCode, stdout } = await cli("--help");
    expect(exitCode).toBe(0);
    for (const text of [
      "Measure:",
      "A cluster to work with:",
      "The machine:",
      "Examples:",
      "130 interrupted",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it("knows its version", async () => {
    expect((await cli("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [["rnu"], "Did you mean run?"],
    [["plan"], "missing required argument"],
    [["plan", "failover-coordinator", "--sed", "1"], "(Did you mean one of --seed, --set?)"],
    [
      ["list", "everything"],
      "Allowed choices are scenarios, topologies, workloads, faults, operations, runs",
    ],
  ])("that is wrong ends with 64 and the way out: %j", async (argv, text) => {
    const { exitCode, stdout, stderr } = await cli(...argv);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(text);
    expect(stdout).toBe("");
  });
});

describe("plan", () => {
  it("prints bands, findings, injections and targets of the main scenario without Docker", async () => {
    const { exitCode, stdout } = await cli("plan", "failover-coordinator", "--seed", "1");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("failover-coordinator on production, seed 1");
    expect(stdout).toContain("Injections: 15");
    expect(stdout).toMatch(/kill-node +[\d.]+-[\d.]+ s +\(T1 cannot be kept\)/);
    expect(stdout).toContain("D1");
  });

  it("names D2 on the documented settings", async () => {
    const { stdout } = await cli(
      "plan",
      "failover-coordinator",
      "--topology",
      "production-as-documented",
      "--quick",
    );
    expect(stdout).toContain("D2");
    expect(stdout).toContain("Injections: 3");
  });

  it("prints one JSON document and nothing else with --json", async () => {
    const { stdout, stderr } = await cli("plan", "failover-coordinator", "--json", "--set", "patroni.ttl=30");
    const plan = JSON.parse(stdout) as RunPlan;
    expect(plan.topology.patroni.ttl).toBe(30);
    expect(plan.overrides).toEqual(["patroni.ttl=30"]);
    expect(stderr).toBe("");
  });

  it("is the same for the same seed, and draws one when none is given", async () => {
    const once = await cli("plan", "failover-coordinator", "--seed", "7");
    expect(await cli("plan", "failover-coordinator", "--seed", "7")).toEqual(once);
    const drawn = await cli("plan", "failover-coordinator");
    expect(drawn.stdout).toMatch(/seed \d+/);
  });

  it("tells all problems at once, with the nearest names", async () => {
    const argv = ["plan", "failover-cordinator", "--topology", "prodution", "--seed", "many"];
    const { exitCode, stdout, stderr } = await cli(...argv);
    expect(exitCode).toBe(64);
    expect(stdout).toBe("");
    expect(stderr).toContain("3 problems with what was asked");
    expect(stderr).toContain('--seed: expected a whole number from 0 to 4294967295, found "many".');
    expect(stderr).toContain('Did you mean "failover-coordinator"?');
    expect(stderr).toContain('Did you mean "production"?');
  });

  it("tells bad fields and bad values at once", async () => {
    const set = ["--set", "patroni.tll=3", "--set", "workers.groups=many", "--set", "etcd.members=4"];
    const { exitCode, stderr } = await cli("plan", "failover-coordinator", ...set);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('Did you mean "patroni.ttl"?');
    expect(stderr).toContain('--set workers.groups=many: expected a number, found "many".');
    expect(stderr).toContain("--set etcd.members=4: expected an odd number");
  });

  it("takes budgets by --set and shows them", async () => {
    const set = ["--set", "budgets.readySeconds=5.5", "--set", "budgets.recoverySeconds=3"];
    const { exitCode, stdout } = await cli("plan", "failover-coordinator", ...set);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/budgets\.readySeconds +5\.5 s/);
    expect(stdout).toMatch(/budgets\.recoverySeconds +3 s/);
  });

  it("checks budgets like everything else", async () => {
    const set = ["readySecs=5", "observedSeconds=soon", "commandSeconds=0"].flatMap((one) => [
      "--set",
      `budgets.${one}`,
    ]);
    const { exitCode, stderr } = await cli("plan", "failover-coordinator", ...set);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('Did you mean "budgets.readySeconds"?');
    expect(stderr).toContain('--set budgets.observedSeconds=soon: expected a number, found "soon".');
    expect(stderr).toContain("--set budgets.commandSeconds=0: expected more than 0, found 0.");
  });

  it("refuses a scenario on a topology that cannot have its faults", async () => {
    const { exitCode, stderr } = await cli("plan", "failover-coordinator", "--topology", "development");
    expect(exitCode).toBe(64);
    expect(stderr).toContain('"switchover" needs Patroni');
  });

  it("with --json answers with an error as one JSON document too", async () => {
    const { exitCode, stdout, stderr } = await cli("plan", "nothing", "--json");
    expect(exitCode).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 64, error: { code: "bad-input" } });
    expect(stderr).toContain("there is no such scenario");
  });
});

describe("run", () => {
  it("refuses what it cannot do before anything starts, all at once", async () => {
    const argv = ["run", "failover-coordinator", "--repeat", "0", "--runtime", "swarm", "--engine", "k6"];
    const { exitCode, stderr } = await cli(...argv, "--set", "sharding=ring");
    expect(exitCode).toBe(64);
    for (const text of [
      "--repeat",
      "--runtime: expected docker",
      '--engine: the scenario "failover-coordinator" is of faults',
      'expected one of none, fdw, citus, found "ring"',
    ]) {
      expect(stderr).toContain(text);
    }
  });

  it("checks all scenarios before the first one runs", async () => {
    const { exitCode, stderr } = await cli("run", "failover-coordinator", "no-such-scenario");
    expect(exitCode).toBe(64);
    expect(stderr).toContain('scenario "no-such-scenario"');
  });
});

describe("up", () => {
  it("refuses an unknown topology, fields of a scenario and a bad time at once", async () => {
    const { exitCode, stderr } = await cli(
      "up",
      "production",
      "--hours",
      "0",
      "--set",
      "load.readProbe.timeoutMs=1",
      "--set",
      "budgets.readySecond=1",
    );
    expect(exitCode).toBe(64);
    expect(stderr).toContain("--hours");
    expect(stderr).toContain("--set load.readProbe.timeoutMs=1: there is no such field.");
    expect(stderr).toContain('Did you mean "budgets.readySeconds"?');
  });
});

describe("list", () => {
  it("names everything that is shipped", async () => {
    const { exitCode, stdout } = await cli("list");
    expect(exitCode).toBe(0);
    for (const name of [
      "failover-coordinator",
      "production-as-documented",
      "tenant-orders",
      "isolate-node",
      "rolling-restart",
    ]) {
      expect(stdout).toContain(name);
    }
  });

  it("tells what hurts the cluster from what is done to it on purpose", async () => {
    const names = async (what: string): Promise<string[]> =>
      (await cli("list", what)).stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0] ?? "");
    expect(await names("operations")).toEqual([
      ...["switchover", "rolling-restart", "reload", "add-worker", "drain-worker", "rebalance"],
    ]);
    expect(await names("faults")).toEqual([
      ...["crash-postgres", "kill-node", "pause-node", "isolate-node", "cut-link"],
      ...["slow-network-50ms", "slow-network-200ms", "starve-cpu", "checkpoint-storm", "long-query"],
      "etcd-move-leader",
    ]);
  });

  it("shows runs, incomplete ones as such", async () => {
    const writer = await createRun(runs, fakePlan());
    const { stdout } = await cli("list", "runs", "--out", runs);
    expect(stdout).toContain(`lose-the-primary/${path.basename(writer.directory)}  not judged, incomplete`);
    await writer.finish({ kind: "complete" });
    expect((await cli("list", "runs", "--out", path.join(runs, "none"))).stdout).toContain("none");
  });
});

describe("report", () => {
  it.each([
    ["latest", "found no runs in"],
    ["/", "no plan.json"],
  ])("of something that is no run ends with 64: %s", async (reference, text) => {
    const { exitCode, stderr } = await cli("report", reference, "--out", runs);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(text);
  });

  it("of a run that was killed is marked incomplete, says so, and is unknown", async () => {
    const writer = await createRun(runs, fakePlan());
    writer.event({ kind: "note", text: "started", atUs: 1 });
    await vi.waitFor(() =>
      stat(path.join(writer.directory, "events.ndjson")).then(({ size }) => expect(size).toBeGreaterThan(0)),
    );
    const { exitCode, stdout } = await cli("report", "latest", "--out", runs);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("INCOMPLETE");
    expect(stdout).toContain(path.join(writer.directory, "report.html"));
    const answered = await cli("report", "latest", "--out", runs, "--json");
    expect(JSON.parse(answered.stdout)).toMatchObject({ outcome: "unknown", complete: false });
    expect(answered.stderr).toBe("");
    await writer.finish({ kind: "complete" });
  });

  it("of a recording of a newer format ends with 64", async () => {
    await writeFile(path.join(runs, "plan.json"), '{"formatVersion":99}');
    const { exitCode, stderr } = await cli("report", runs);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("format 99");
  });
});
