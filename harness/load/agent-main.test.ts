import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import { systemClock } from "../system-clock.ts";
import { startAgentProcess, type AgentProcess } from "./agent-process.fake.ts";
import { connectAgent, type Agent, type LoadSink } from "./connect-agent.ts";
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
  expect(samples.filter(({ code }) => code === "NEVER_SENT")).toEqual([]);
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
