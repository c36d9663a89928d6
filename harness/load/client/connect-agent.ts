import type { LineChannel, SqlRunner } from "../../model/capabilities.ts";
import type { Clock, Micros } from "../../model/clock.ts";
import type { Endpoint } from "../../model/layout.ts";
import { HarnessError } from "../../model/errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { Sample, StreamName } from "../../model/sample.ts";
import type { SearchAnswer } from "../../model/search.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../../model/stage.ts";
import { CommandLine } from "./command-line.ts";
import type { IdRanges, LoadSpec, Message } from "../protocol/agent-protocol.ts";
import { answerOf } from "../protocol/answer-row.ts";
import { type SampleRow, sampleOf } from "../protocol/sample-row.ts";
import { estimateOffset, type ClockOffset } from "../../support/clock-offset.ts";
import type { StageLoad } from "../protocol/stage-load.ts";
import type { WriteOutcomesPiece } from "../protocol/write-outcomes-piece.ts";

/** Who receives what a load's agent reports, on the recording's clock. */
export interface LoadSink {
  /** A batch of settled operations; every one intended before `knownToUs` has been given by now. */
  samples(stream: StreamName, samples: readonly Sample[], knownToUs: Micros): void;
  event(event: ClusterEvent): void;
  /** The agent is gone, or said that it cannot go on. Called at most once. */
  broken(error: HarnessError): void;
}

/** Who receives what a stage's engines report, on the recording's clock. */
export interface StageReceiver {
  second(second: StageSecond): void;
  samples(operation: string, samples: readonly Sample[]): void;
  /** So many samples were kept and not told, because we were far behind with reading. Before the end of the stage. */
  samplesLeftOut(operation: string, count: number): void;
  /** Answers of searches that were kept; for those who want to know. */
  answers?(operation: string, answers: readonly SearchAnswer[]): void;
  /** At the end, from engines that number their operations, in pieces of any order; for those who want to know. */
  writes?(piece: WriteOutcomesPiece): void;
}

/** A stage that the agent has begun to send. */
export interface StartedStage {
  readonly startedUs: Micros;
  readonly engine: EngineDescription;
  /**
   * Never rejects. Everything has been given to the receiver by then. When the agent dies: failed with the code
   * `agent-failed`, at the moment when that was noticed.
   */
  readonly ended: Promise<StageEnd & { readonly atUs: Micros }>;
}

/** The process inside the cluster's network: runs SQL, sends load, reads ledgers. Disposing ends it. */
export interface Agent extends SqlRunner, AsyncDisposable {
  readonly clockOffset: ClockOffset;
  /** Resolves with the intended start of the first operation. One load at a time. */
  start(spec: LoadSpec, sink: LoadSink): Promise<Micros>;
  /** Resolves when every operation begun has ended and all samples have been given to the sink. */
  stop(): Promise<{ readonly neverSent: number }>;
  /**
   * Resolves when the first connections are made and the warm-up is about to begin. One stage at a time. Rejects with a
   * HarnessError whose code is the server's or the system's when no log-in succeeded.
   */
  startStage(load: StageLoad, receiver: StageReceiver): Promise<StartedStage>;
  /** Ends the stage early, if one runs; its `ended` resolves as always. */
  stopStage(): Promise<void>;
  /** The positive ids of a ledger table; with `shardKeys` only of rows that have one of them. */
  readIds(request: {
    readonly at: Endpoint;
    readonly database: string;
    readonly table: string;
    readonly shardKeys?: readonly number[] | undefined;
    readonly budgetMs: number;
  }): Promise<IdRanges>;
}

/** Role that owns the benchmark's objects; see model/credentials.ts. */
const CLIENT_ROLE = "dpg_bench";
/** Starting Node.js beside twenty other containers takes its time. */
const HELLO_BUDGET_MS = 30_000;
const COMMAND_BUDGET_MS = 5_000;
/** Time for the line to and from the agent, on top of a command's own budget. */
const TRANSPORT_MS = 2_000;
/** Every operation ends within its time-out; the rest is the agent's last batch, and patience with one that stands still. */
const STOP_BUDGET_MS = 30_000;
const PINGS = 7;
/** The longest time-out of an operation (a COPY's 60 s), and the last batch. */
const STOP_STAGE_BUDGET_MS = 90_000;
/** A thousand log-ins, and programs that need a moment to begin. */
const START_STAGE_BUDGET_MS = 60_000;

/** Logs the agent in to its work and measures its clock. Rejects with a HarnessError when it does not answer. */
export async function connectAgent(options: {
  readonly channel: LineChannel;
  readonly epochNs: bigint;
  readonly clock: Clock;
  /** Of the client role. */
  readonly password: string;
}): Promise<Agent> {
  const { channel, epochNs, clock, password } = options;
  let sink: LoadSink | null = null;
  let stage: StageInProgress | null = null;
  let offsetUs = 0;
  const endStage = (end: StageEnd & { readonly atUs: Micros }): void => {
    const ended = stage;
    stage = null;
    ended?.end(end);
  };
  const agentFailed = (reason: string): void =>
    endStage({ kind: "failed", code: "agent-failed", reason, atUs: clock.nowUs() });
  const line = new CommandLine({
    channel,
    clock,
    onMessage: (message) => {
      if (message.type === "stage-ended") {
        if (stage?.number !== message.stage) return;
        for (const [operation, count] of Object.entries(message.samplesLeftOut)) {
          stage.receiver.samplesLeftOut(operation, count);
        }
        endStage({ ...message.end, atUs: message.atUs - offsetUs });
        return;
      }
      if (
        message.type === "stage-second" ||
        message.type === "stage-samples" ||
        message.type === "stage-answers" ||
        message.type === "stage-writes"
      ) {
        if (stage !== null) deliverStage(message, stage, offsetUs);
        return;
      }
      if (message.type === "fatal") agentFailed(message.message);
      if (sink !== null) deliver(message, sink, offsetUs);
    },
    onBroken: (error) => {
      agentFailed(error.message);
      sink?.broken(error);
    },
  });
  const hello = { command: "hello", epochNs: String(epochNs), user: CLIENT_ROLE, password } as const;
  await line.ask(hello, HELLO_BUDGET_MS);
  const clockOffset = await estimateOffset(
    PINGS,
    async () => (await line.ask({ command: "ping" }, COMMAND_BUDGET_MS)).nowUs,
    clock,
  );
  offsetUs = clockOffset.offsetUs;
  return {
    clockOffset,
    run: async (request) => await line.ask({ command: "run", ...request }, request.budgetMs + TRANSPORT_MS),
    readIds: async (request) =>
      await line.ask({ command: "read-ids", ...request }, request.budgetMs + TRANSPORT_MS),
    start: async (load, newSink) => {
      sink = newSink;
      const { startedUs } = await line.ask({ command: "start", load }, COMMAND_BUDGET_MS);
      return startedUs - offsetUs;
    },
    stop: async () => await line.ask({ command: "stop" }, STOP_BUDGET_MS),
    startStage: async (load, receiver) => {
      if (stage !== null)
        throw new HarnessError({ code: "stage-running", message: "A stage is running already." });
      const { promise: ended, resolve: end } = withResolvers<StageEnd & { readonly atUs: Micros }>();
      const starting = line.ask({ command: "start-stage", load }, START_STAGE_BUDGET_MS);
      const begun = { number: load.stage, receiver, end, starting };
      stage = begun;
      try {
        const { startedUs, engine } = await starting;
        return { startedUs: startedUs - offsetUs, engine, ended };
      } catch (error) {
        if (stage === begun) stage = null;
        throw error;
      }
    },
    stopStage: async () => {
      // The agent's commands run side by side: one to stop what has not begun would stop nothing.
      await stage?.starting.catch(() => undefined);
      if (stage === null) return;
      // Its operations' time-outs are the workload's: the end is told by the agent, not by a reply in time.
      await line.ask({ command: "stop-stage" }, STOP_STAGE_BUDGET_MS);
    },
    [Symbol.asyncDispose]: async () => {
      sink = null;
      await line.close();
      agentFailed("The agent was ended.");
    },
  };
}

interface StageInProgress {
  readonly number: number;
  readonly receiver: StageReceiver;
  readonly end: (end: StageEnd & { readonly atUs: Micros }) => void;
  /** The agent's answer to the command that begins it. */
  readonly starting: Promise<unknown>;
}

type StageMessage = Extract<
  Message,
  {
    readonly type: "stage-second" | "stage-samples" | "stage-answers" | "stage-writes" | "stage-ended";
  }
>;

function deliverStage(
  message: Exclude<StageMessage, { readonly type: "stage-ended" }>,
  { number, receiver }: StageInProgress,
  offsetUs: Micros,
): void {
  if (message.type === "stage-second") {
    const { second } = message;
    if (second.stage !== number) return;
    receiver.second({ ...second, fromUs: second.fromUs - offsetUs, toUs: second.toUs - offsetUs });
  } else if (message.stage === number) {
    if (message.type === "stage-writes") receiver.writes?.(message.piece);
    else if (message.type === "stage-answers")
      receiver.answers?.(
        message.operation,
        message.rows.map((row) => answerOf(row, offsetUs)),
      );
    else receiver.samples(message.operation, samplesOf(message.rows, offsetUs));
  }
}

function samplesOf(rows: readonly SampleRow[], offsetUs: Micros): readonly Sample[] {
  return rows.map((row) => sampleOf(row, offsetUs));
}

function withResolvers<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
} {
  let settle: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolve) => (settle = resolve));
  return { promise, resolve: settle };
}

function deliver(
  message: Exclude<Message, StageMessage | { type: "reply" }>,
  sink: LoadSink,
  offsetUs: Micros,
): void {
  switch (message.type) {
    case "samples":
      for (const { stream, knownToUs, rows } of message.streams) {
        sink.samples(stream, samplesOf(rows, offsetUs), knownToUs - offsetUs);
      }
      return;
    case "health": {
      const { atUs, lagP50Us, lagP99Us, lagMaxUs, cpuShare, neverSent } = message;
      sink.event({
        kind: "agent-health",
        atUs: atUs - offsetUs,
        lagP50Us,
        lagP99Us,
        lagMaxUs,
        cpuShare,
        neverSent,
      });
      return;
    }
    case "connection": {
      const { stream, endpoint, lost } = message;
      const atUs = message.atUs - offsetUs;
      sink.event(
        lost === null
          ? { kind: "connection-made", atUs, stream, endpoint }
          : { kind: "connection-lost", atUs, stream, endpoint, code: lost },
      );
      return;
    }
    case "fatal":
      sink.broken(
        new HarnessError({ code: "agent-failed", message: `The agent cannot go on: ${message.message}` }),
      );
  }
}
