import { expect, test } from "vitest";
import type { StageSecond } from "../../../model/stage.ts";
import type { WriteOutcomesPiece } from "../../protocol/write-outcomes-piece.ts";
import { stageLoad } from "./send-stage.fake.ts";
import type { SenderCommand } from "./sender-protocol.ts";
import type { SenderProcess } from "./sender-process.ts";
import { startSenders } from "./start-senders.ts";

const load = stageLoad({
  shape: { kind: "closed", clients: 4, thinkTimeMs: 0 },
  phases: { warmupSeconds: 0, steadySeconds: 1, coolDownSeconds: 0 },
  client: { agents: 2 },
});

interface FakeSender extends SenderProcess {
  readonly told: SenderCommand[];
  killed: boolean;
}

/** Forks fakes; `obey` is called with each command and the sender's number, from 1. */
function forking(obey: (command: SenderCommand, sender: FakeSender, number: number) => void) {
  const senders: FakeSender[] = [];
  const fork = (): SenderProcess => {
    const sender: FakeSender = {
      told: [],
      killed: false,
      tell: (command) => {
        sender.told.push(command);
        obey(command, sender, senders.indexOf(sender) + 1);
      },
      onMessage: () => undefined,
      onExit: () => undefined,
      kill: () => {
        sender.killed = true;
      },
    };
    senders.push(sender);
    return sender;
  };
  return { senders, fork, nowUs: () => 5_000_000 };
}

function collecting() {
  const seconds: number[] = [];
  const samples: string[] = [];
  const writes: number[] = [];
  return {
    seconds,
    samples,
    writes,
    sink: {
      second: ({ client }: StageSecond) => void seconds.push(client.agent),
      samples: (operation: string) => void samples.push(operation),
      writes: ({ from }: WriteOutcomesPiece) => void writes.push(from),
    },
  };
}

function secondOf(agent: number): StageSecond {
  return { stage: 1, client: { agent } } as unknown as StageSecond;
}

test("all begin at one moment, after the last has logged in, and what they report is handed on", async () => {
  const parts = forking((command, sender, number) => {
    if (command.kind === "prepare") {
      expect(command.share).toEqual({ agent: number, of: 2 });
      expect(command.load).not.toHaveProperty("definition");
      expect(parts.senders.every(({ told }) => told.every(({ kind }) => kind === "prepare"))).toBe(true);
      setTimeout(() => sender.onMessage({ kind: "prepared", refusal: null }), 5 * number);
    } else if (command.kind === "begin") {
      sender.onMessage({ kind: "second", second: secondOf(number) });
      sender.onMessage({ kind: "samples", operation: `of ${number}`, rows: [] });
      const piece = { operation: "insert", from: 8 * number, ok: "/w==", failed: "", unknown: "" };
      sender.onMessage({ kind: "writes", piece });
      sender.onMessage({ kind: "ended", end: { kind: "complete" } });
    }
  });
  const { sink, seconds, samples, writes } = collecting();
  const running = await startSenders(load, sink, parts);
  expect(await running.ended).toEqual({ kind: "complete" });
  const begins = parts.senders.map(({ told }) => told.find(({ kind }) => kind === "begin"));
  expect(begins).toEqual(Array(2).fill({ kind: "begin", startedUs: running.startedUs }));
  expect(running.startedUs).toBeGreaterThan(5_000_000);
  expect([seconds, samples, writes]).toEqual([
    [1, 2],
    ["of 1", "of 2"],
    [8, 16],
  ]);
  expect(parts.senders.every(({ killed }) => killed)).toBe(true);
});

test("a refused log-in of one refuses the stage, and none is left running", async () => {
  const parts = forking((_command, sender, number) => {
    const refusal = number === 2 ? { code: "28P01", text: "password authentication failed" } : null;
    setImmediate(() => sender.onMessage({ kind: "prepared", refusal }));
  });
  const starting = startSenders(load, collecting().sink, parts);
  await expect(starting).rejects.toMatchObject({ failure: { code: "28P01" } });
  expect(parts.senders.every(({ killed }) => killed)).toBe(true);
});

test("one that ends in mid-run ends the stage as failed: the others are stopped, and what was sent is kept", async () => {
  const parts = forking((command, sender, number) => {
    if (command.kind === "prepare") setImmediate(() => sender.onMessage({ kind: "prepared", refusal: null }));
    else if (command.kind === "begin") {
      sender.onMessage({ kind: "second", second: secondOf(number) });
      if (number === 1) setImmediate(() => sender.onExit("SIGKILL"));
    } else if (number === 2) {
      sender.onMessage({ kind: "second", second: secondOf(number) });
      sender.onMessage({ kind: "ended", end: { kind: "complete" } });
    }
  });
  const { sink, seconds } = collecting();
  const running = await startSenders(load, sink, parts);
  const end = await running.ended;
  expect(end).toMatchObject({ kind: "failed", code: "agent-failed" });
  expect(end.kind === "failed" && end.reason).toContain("process 1 ended in mid-run (SIGKILL)");
  expect(seconds).toEqual([1, 2, 2]);
});
