import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Sample } from "../../model/sample.ts";
import type { StageSecond } from "../../model/stage.ts";
import { systemClock } from "../../support/system-clock.ts";
import { startAgentProcess, type AgentProcess } from "./agent-process.fake.ts";
import { connectAgent, type Agent, type LoadSink, type StageReceiver } from "../client/connect-agent.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";

const clock = systemClock();

async function agentOf(agentProcess: AgentProcess): Promise<Agent> {
  return await connectAgent({ channel: agentProcess.channel, ...clock, clock, password: "secret" });
}

function loadTo(port: number, ratePerSecond: number): Parameters<Agent["start"]>[0] {
  const at = { host: "127.0.0.1", port };
  const probe = { ratePerSecond, timeoutMs: 1000 };
  return {
    load: { writeProbe: probe, readProbe: probe, background: null },
    endpoints: { readWrite: at, readOnly: at },
    database: "bench",
    seed: 1,
  };
}

function sinkOf(samples: Sample[]): LoadSink {
  return {
    samples: (_stream, batch) => void samples.push(...batch),
    event: () => undefined,
    broken: () => undefined,
  };
}

test("the agent ends when its input ends, load or no load", async () => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  const agent = await agentOf(agentProcess);
  await agent.start(loadTo(stub.port, 100), sinkOf([]));
  await agent[Symbol.asyncDispose]();
  expect(await agentProcess.ended).toBe(0);
});

test("the agent ends after its lifetime, and says so", async () => {
  await using agentProcess = await startAgentProcess({ DPG_LIFETIME_SECONDS: "0.2" });
  const said: string[] = [];
  for await (const line of agentProcess.channel.lines) said.push(line);
  expect(said).toEqual([`{"type":"fatal","message":"the agent's lifetime of 0.2 s is over"}`]);
  expect(await agentProcess.ended).toBe(1);
});

test("a reader that does not read stops no operation, and loses none", async () => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  await using agent = await agentOf(agentProcess);
  const samples: Sample[] = [];
  await agent.start(loadTo(stub.port, 400), sinkOf(samples));
  agentProcess.pauseReading(true);
  // 4,000 samples of some 50 bytes: more than the pipe and both of its ends hold.
  const before = stub.statements.length;
  while (stub.statements.length < before + 4000) await clock.sleep(20);
  agentProcess.pauseReading(false);
  await agent.stop();
  const ids = samples.map(({ id }) => id).sort((one, other) => one - other);
  expect(ids.length).toBeGreaterThanOrEqual(4000);
  expect(ids).toEqual(ids.map((_, index) => 1 + Math.floor(index / 2)));
  // A machine busy with something else may leave a few unsent; a sender that waited for its reader would leave most.
  const unsent = samples.filter(({ code }) => code === "NEVER_SENT");
  expect(unsent.length).toBeLessThan(samples.length / 10);
});

test("every intended operation of a stopped load has exactly one sample, in number and on schedule", async () => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  await using agent = await agentOf(agentProcess);
  const samples: Sample[] = [];
  await agent.start(loadTo(stub.port, 200), sinkOf(samples));
  await clock.sleep(500);
  expect(await agent.stop()).toEqual({ neverSent: 0 });
  const byIntent = samples.sort((one, other) => one.intendedUs - other.intendedUs);
  const gaps = byIntent.slice(1).map(({ intendedUs }, index) => intendedUs - byIntent[index]!.intendedUs);
  // Both probes at 200/s, set apart by half an interval: one operation each 2.5 ms, write and read in turn.
  expect(new Set(gaps)).toEqual(new Set([2500]));
  expect(byIntent.map(({ id }) => id)).toEqual(byIntent.map((_, index) => 1 + Math.floor(index / 2)));
});

function stageTo(port: number, agents: number, steadySeconds: number): Parameters<Agent["startStage"]>[0] {
  const at = { host: "127.0.0.1", port };
  return {
    stage: 1,
    seed: 1,
    workload: "point-select",
    parameters: {},
    shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 300 } },
    phases: { warmupSeconds: 0.2, steadySeconds, coolDownSeconds: 0 },
    client: {
      engine: "native",
      agents,
      sessions: "own",
      connections: 4,
      mix: "per-operation",
      timeoutMs: 10_000,
      latencyLimitMs: 100,
      samplesKept: 100_000,
    },
    endpoints: { readWrite: at, readOnly: at },
    database: "bench",
    firstId: 1,
    k6Script: null,
  };
}

function receiving() {
  const seconds: StageSecond[] = [];
  const samples: Sample[] = [];
  const receiver: StageReceiver = {
    second: (second) => void seconds.push(second),
    samples: (_operation, batch) => void samples.push(...batch),
    samplesLeftOut: () => undefined,
  };
  const served = (): number =>
    seconds.reduce((sum, { operations }) => sum + operations.reduce((all, { ok }) => all + ok, 0), 0);
  return { seconds, samples, receiver, served };
}

test.each([1, 2])("%i agents send a stage's every operation exactly once", async (agents) => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  await using agent = await agentOf(agentProcess);
  const { seconds, samples, receiver, served } = receiving();
  const started = await agent.startStage(stageTo(stub.port, agents, 0.5), receiver);
  expect(started.engine).toMatchObject({ version: "native" });
  expect(await started.ended).toMatchObject({ kind: "complete" });
  const ids = samples.map(({ id }) => id).sort((one, other) => one - other);
  expect(ids).toEqual(ids.map((_, index) => 1 + index));
  expect(served()).toBe(ids.length);
  expect(new Set(seconds.map(({ client }) => client.agent)).size).toBe(agents);
});

test("a sending process that is killed in mid-run ends the stage as failed, and what was sent is kept", async () => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  await using agent = await agentOf(agentProcess);
  const { seconds, receiver, served } = receiving();
  const { ended } = await agent.startStage(stageTo(stub.port, 2, 60), receiver);
  while (seconds.length < 4) await clock.sleep(20);
  const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(agentProcess.pid)], {
    encoding: "utf8",
  });
  process.kill(Number(children.trim().split(/\s+/)[0]), "SIGKILL");
  expect(await ended).toMatchObject({ kind: "failed", code: "agent-failed" });
  expect(served()).toBeGreaterThan(0);
});

test("a stage can be stopped before its time, and another one sent", async () => {
  await using stub = await startPostgresStub();
  await using agentProcess = await startAgentProcess();
  await using agent = await agentOf(agentProcess);
  for (const stage of [1, 2]) {
    const { receiver } = receiving();
    const { ended } = await agent.startStage({ ...stageTo(stub.port, 1, 60), stage }, receiver);
    await agent.stopStage();
    expect(await ended).toMatchObject({ kind: "complete" });
  }
  await expect(
    agent.startStage({ ...stageTo(1, 1, 60), stage: 3 }, receiving().receiver),
  ).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
