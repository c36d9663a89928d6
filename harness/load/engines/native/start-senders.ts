import type { Micros } from "../../../model/clock.ts";
import type { StageEnd } from "../../../model/stage.ts";
import type { CommandFailure } from "../../protocol/agent-protocol.ts";
import { SqlFailure } from "../../wire/run-sql.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import type { StageLoad } from "../../protocol/stage-load.ts";
import type { SenderMessage } from "./sender-protocol.ts";
import type { SenderProcess } from "./sender-process.ts";

/** Several processes that send a stage together. */
export interface RunningSenders {
  readonly startedUs: Micros;
  readonly ended: Promise<StageEnd>;
  readonly stop: () => void;
}

/** From the last log-in of all to the first operation: every process must have heard of it by then. */
const LEAD_US = 200_000;

/**
 * Starts a process for each of the load's agents, waits until all have logged in, and has them begin at one moment.
 * What they report goes to the sink. Rejects with a SqlFailure when one of them cannot log in or ends. One that ends
 * before its time ends the stage: the others are stopped, and what all have sent so far counts.
 */
export async function startSenders(
  load: EngineLoad,
  sink: StageSink,
  parts: { readonly fork: () => SenderProcess; readonly nowUs: () => Micros },
): Promise<RunningSenders> {
  const { agents } = load.client;
  const senders = Array.from({ length: agents }, () => parts.fork());
  try {
    await Promise.all(
      senders.map(async (sender, index) => prepared(sender, load, { agent: index + 1, of: agents })),
    );
  } catch (error) {
    for (const sender of senders) sender.kill();
    throw error;
  }
  const startedUs = Math.round(parts.nowUs()) + LEAD_US;
  const stop = (): void => {
    for (const sender of senders) sender.tell({ kind: "stop" });
  };
  const ends = senders.map(async (sender, index) => {
    const end = await sent(sender, index + 1, sink);
    if (end.kind === "failed") stop();
    sender.kill();
    return end;
  });
  for (const sender of senders) sender.tell({ kind: "begin", startedUs });
  const ended = Promise.all(ends).then(
    (all): StageEnd => all.find(({ kind }) => kind === "failed") ?? { kind: "complete" },
  );
  return { startedUs, ended, stop };
}

/** Resolves when the process has logged in. */
function prepared(
  sender: SenderProcess,
  load: EngineLoad,
  share: { readonly agent: number; readonly of: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (failure: CommandFailure): void => reject(new SqlFailure(failure));
    sender.onExit = (how) =>
      fail({
        code: "agent-failed",
        message: `Sending process ${share.agent} ended before its first operation: ${how}`,
      });
    sender.onMessage = (message) => {
      if (message.kind !== "prepared") return;
      if (message.refusal === null) resolve();
      else fail({ code: message.refusal.code, message: message.refusal.text });
    };
    const { login, epochNs } = load;
    sender.tell({ kind: "prepare", load: portable(load), share, login, epochNs: String(epochNs) });
  });
}

/** Resolves when the process has said that its share is done, or has ended. */
function sent(sender: SenderProcess, agent: number, sink: StageSink): Promise<StageEnd> {
  return new Promise((resolve) => {
    sender.onExit = (how) =>
      resolve({
        kind: "failed",
        code: "agent-failed",
        reason: `Sending process ${agent} ended in mid-run (${how}); what it had sent until then is kept.`,
      });
    sender.onMessage = (message: SenderMessage) => {
      if (message.kind === "second") sink.second(message.second);
      else if (message.kind === "samples") sink.samples(message.operation, message.rows);
      else if (message.kind === "answers") sink.answers?.(message.operation, message.rows);
      else if (message.kind === "writes") sink.writes?.(message.piece);
      else if (message.kind === "ended") resolve(message.end);
    };
  });
}

/** Without what cannot travel between processes: the sender looks it up again. */
function portable(load: EngineLoad): StageLoad {
  const { stage, seed, workload, parameters, shape, phases, client, endpoints, database, firstId, k6Script } =
    load;
  return { stage, seed, workload, parameters, shape, phases, client, endpoints, database, firstId, k6Script };
}
