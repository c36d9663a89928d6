import { expect, test } from "vitest";
import { setTimeout as delay } from "node:timers/promises";
import type { HarnessError } from "../../model/errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { Sample } from "../../model/sample.ts";
import type { StageSecond } from "../../model/stage.ts";
import { systemClock } from "../../support/system-clock.ts";
import type { Message } from "../protocol/agent-protocol.ts";
import type { StageLoad } from "../protocol/stage-load.ts";
import type { WriteOutcomesPiece } from "../protocol/write-outcomes-piece.ts";
import { connectAgent, type Agent, type LoadSink } from "./connect-agent.ts";
import { fakeLineChannel, type FakeLineChannel } from "../protocol/line-channel.fake.ts";

const clock = systemClock();
const at = { host: "haproxy", port: 5432 };
const spec = {
  load: {
    writeProbe: { ratePerSecond: 1, timeoutMs: 1 },
    readProbe: { ratePerSecond: 1, timeoutMs: 1 },
    background: null,
  },
  endpoints: { readWrite: at, readOnly: at },
  database: "bench",
  seed: 1,
};

/** An agent whose clock is `offsetUs` ahead, and that answers all but what `answers` takes over. */
function fakeAgentChannel(
  offsetUs: number,
  answers: Readonly<Record<string, (id: number, channel: FakeLineChannel) => void>> = {},
): FakeLineChannel {
  return fakeLineChannel((line, channel) => {
    const { id, command } = JSON.parse(line) as { id: number; command: string };
    const value = command === "ping" ? { nowUs: clock.nowUs() + offsetUs } : { startedUs: 5000 };
    const answer = answers[command];
    if (answer === undefined) say(channel, { type: "reply", id, ok: true, value });
    else answer(id, channel);
  });
}

function say(channel: FakeLineChannel, message: Message): void {
  channel.say(JSON.stringify(message));
}

async function connectTo(channel: FakeLineChannel): Promise<Agent> {
  return await connectAgent({ channel, epochNs: clock.epochNs, clock, password: "secret" });
}

function collectingSink() {
  const collected = {
    samples: [] as Sample[],
    knownToUs: 0,
    events: [] as ClusterEvent[],
    errors: [] as HarnessError[],
  };
  const sink: LoadSink = {
    samples: (_stream, samples, knownToUs) => {
      collected.samples.push(...samples);
      collected.knownToUs = knownToUs;
    },
    event: (event) => collected.events.push(event),
    broken: (error) => collected.errors.push(error),
  };
  return { sink, collected };
}

test("samples, health and connections arrive on the recording's clock", async () => {
  const hour = 3_600_000_000;
  const channel = fakeAgentChannel(hour);
  await using agent = await connectTo(channel);
  const { offsetUs } = agent.clockOffset;
  expect(Math.abs(offsetUs - hour)).toBeLessThanOrEqual(agent.clockOffset.uncertaintyUs + 1);
  const { sink, collected } = collectingSink();
  expect(await agent.start(spec, sink)).toBe(5000 - offsetUs);
  say(channel, {
    type: "samples",
    streams: [
      {
        stream: "write-probe",
        knownToUs: hour + 90,
        rows: [[1, hour + 10, hour + 20, hour + 30, "ok", null, { timeline: 2, address: "10.0.0.5" }]],
      },
    ],
  });
  say(channel, {
    type: "connection",
    atUs: hour + 5,
    stream: "write-probe",
    endpoint: "readWrite",
    lost: "ECONNRESET",
  });
  await delay(1);
  const shift = hour - offsetUs;
  expect(collected.samples).toEqual([
    {
      ...{ id: 1, intendedUs: shift + 10, startUs: shift + 20, endUs: shift + 30, outcome: "ok", code: null },
      acknowledgedBy: { timeline: 2, address: "10.0.0.5" },
    },
  ]);
  expect(collected.knownToUs).toBe(shift + 90);
  expect(collected.events).toMatchObject([{ kind: "connection-lost", atUs: shift + 5, code: "ECONNRESET" }]);
});

test("a statement that failed rejects with the agent's words and SQLSTATE", async () => {
  const error = { message: 'Expected haproxy:5432 to run "selec 1", got 42601: syntax error', code: "42601" };
  const channel = fakeAgentChannel(0, {
    run: (id, channel) => say(channel, { type: "reply", id, ok: false, error }),
  });
  await using agent = await connectTo(channel);
  const failed = agent.run({ at, database: "bench", statements: ["selec 1"], budgetMs: 100 });
  await expect(failed).rejects.toMatchObject({ name: "HarnessError", ...error });
});

test("a command that is not answered is given up after its budget", async () => {
  const impatient = {
    ...clock,
    sleep: async (ms: number, signal?: AbortSignal) => await clock.sleep(ms / 100, signal),
  };
  const channel = fakeAgentChannel(0, { "read-ids": () => undefined });
  await using agent = await connectAgent({ channel, epochNs: 0n, clock: impatient, password: "secret" });
  const silent = agent.readIds({ at, database: "bench", table: "dpg_ledger", budgetMs: 1000 });
  await expect(silent).rejects.toMatchObject({ code: "agent-silent" });
});

test("an agent that ends by itself fails what is asked of it, and tells the sink once", async () => {
  const channel = fakeAgentChannel(0, { stop: () => undefined });
  const agent = await connectTo(channel);
  const { sink, collected } = collectingSink();
  await agent.start(spec, sink);
  const stopping = expect(agent.stop()).rejects.toMatchObject({ code: "agent-ended" });
  channel.end();
  await stopping;
  await expect(agent.stop()).rejects.toMatchObject({ code: "agent-ended" });
  expect(collected.errors).toHaveLength(1);
});

test("an agent that is closed on purpose is no trouble", async () => {
  const channel = fakeAgentChannel(0);
  const agent = await connectTo(channel);
  const { sink, collected } = collectingSink();
  await agent.start(spec, sink);
  await agent[Symbol.asyncDispose]();
  expect(collected.errors).toEqual([]);
});

test("the password goes in by the channel alone, in the first line", async () => {
  const channel = fakeAgentChannel(0);
  await using agent = await connectTo(channel);
  expect(agent.clockOffset.offsetUs).toBe(0);
  expect(channel.sent.map((line) => line.includes("secret"))).toEqual([
    true,
    ...new Array<boolean>(7).fill(false),
  ]);
});

const stageLoad: StageLoad = {
  stage: 3,
  seed: 1,
  workload: "point-select",
  parameters: {},
  shape: { kind: "closed", clients: 1, thinkTimeMs: 0 },
  phases: { warmupSeconds: 0, steadySeconds: 1, coolDownSeconds: 0 },
  client: {
    engine: "native",
    agents: 1,
    sessions: "own",
    connections: 1,
    mix: "per-operation",
    timeoutMs: 1000,
    latencyLimitMs: 100,
    samplesKept: 10,
  },
  endpoints: { readWrite: at, readOnly: at },
  database: "bench",
  firstId: 1,
  k6Script: null,
};

function collectingReceiver() {
  const seconds: StageSecond[] = [];
  const samples: Sample[] = [];
  const leftOut: [operation: string, count: number][] = [];
  const writes: WriteOutcomesPiece[] = [];
  return {
    seconds,
    samples,
    leftOut,
    writes,
    receiver: {
      second: (second: StageSecond) => void seconds.push(second),
      samples: (_operation: string, batch: readonly Sample[]) => void samples.push(...batch),
      samplesLeftOut: (operation: string, count: number) => void leftOut.push([operation, count]),
      writes: (piece: WriteOutcomesPiece) => void writes.push(piece),
    },
  };
}

const engine = { version: "native", timer: "t", timerResolutionNs: 1, ownCostUs: null };

test("a stage's seconds, samples, what was left out of them, outcomes by number and end arrive on the recording's clock", async () => {
  const hour = 3_600_000_000;
  const channel = fakeAgentChannel(hour, {
    "start-stage": (id, channel) =>
      say(channel, { type: "reply", id, ok: true, value: { startedUs: hour + 5000, engine } }),
  });
  await using agent = await connectTo(channel);
  const shift = hour - agent.clockOffset.offsetUs;
  const { receiver, seconds, samples, leftOut, writes } = collectingReceiver();
  const started = await agent.startStage(stageLoad, receiver);
  expect(started).toMatchObject({ startedUs: shift + 5000, engine });
  const second = { stage: 3, phase: "steady", fromUs: hour + 1, toUs: hour + 2, operations: [] } as const;
  say(channel, { type: "stage-second", second: { ...second, client: {} as StageSecond["client"] } });
  say(channel, {
    type: "stage-samples",
    stage: 3,
    operation: "select",
    rows: [[1, hour + 1, hour + 2, hour + 3, "failed", "53300"]],
  });
  const piece = { operation: "insert", from: 0, ok: "/w==", failed: "", unknown: "" };
  for (const stage of [2, 3]) say(channel, { type: "stage-writes", stage, piece });
  say(channel, {
    type: "stage-ended",
    stage: 3,
    atUs: hour + 9,
    end: { kind: "complete" },
    samplesLeftOut: { select: 70 },
  });
  expect(await started.ended).toEqual({ kind: "complete", atUs: shift + 9 });
  expect(leftOut).toEqual([["select", 70]]);
  expect(seconds).toMatchObject([{ fromUs: shift + 1, toUs: shift + 2 }]);
  expect(writes).toEqual([piece]);
  expect(samples).toEqual([
    { id: 1, intendedUs: shift + 1, startUs: shift + 2, endUs: shift + 3, outcome: "failed", code: "53300" },
  ]);
});

test("a stage that cannot begin rejects with the server's code, and another may be tried", async () => {
  const error = { message: "password authentication failed", code: "28P01" };
  const channel = fakeAgentChannel(0, {
    "start-stage": (id, channel) => say(channel, { type: "reply", id, ok: false, error }),
  });
  await using agent = await connectTo(channel);
  for (const stage of [3, 4]) {
    const starting = agent.startStage({ ...stageLoad, stage }, collectingReceiver().receiver);
    await expect(starting).rejects.toMatchObject({ code: "28P01" });
  }
});

test("a stage whose agent dies ends as failed, and what had arrived is kept", async () => {
  const channel = fakeAgentChannel(0, {
    "start-stage": (id, channel) =>
      say(channel, { type: "reply", id, ok: true, value: { startedUs: 1, engine } }),
  });
  const agent = await connectTo(channel);
  const { receiver, samples } = collectingReceiver();
  const { ended } = await agent.startStage(stageLoad, receiver);
  say(channel, { type: "stage-samples", stage: 3, operation: "select", rows: [[1, 1, 2, 3, "ok", null]] });
  channel.end();
  expect(await ended).toMatchObject({ kind: "failed", code: "agent-failed" });
  expect(samples).toHaveLength(1);
});

test("stopping when no stage runs asks the agent for nothing", async () => {
  const channel = fakeAgentChannel(0);
  await using agent = await connectTo(channel);
  const before = channel.sent.length;
  await agent.stopStage();
  expect(channel.sent).toHaveLength(before);
});

test("a stage that is stopped while it begins is stopped once it has begun: before, there is nothing to stop", async () => {
  let begin = (): void => undefined;
  const channel = fakeAgentChannel(0, {
    "start-stage": (id, own) => {
      begin = () => say(own, { type: "reply", id, ok: true, value: { startedUs: 1, engine } });
    },
  });
  await using agent = await connectTo(channel);
  const starting = agent.startStage(stageLoad, collectingReceiver().receiver);
  const stopping = agent.stopStage();
  await Promise.resolve();
  expect(channel.sent.join()).not.toContain("stop-stage");
  begin();
  await starting;
  await stopping;
  expect(channel.sent.join()).toContain("stop-stage");
});
