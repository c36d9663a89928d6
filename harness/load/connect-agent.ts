import type { LineChannel, SqlRunner } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import type { Endpoint } from "../model/layout.ts";
import { HarnessError } from "../model/errors.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { Sample, StreamName } from "../model/sample.ts";
import { CommandLine } from "./command-line.ts";
import type { IdRanges, LoadSpec, Message } from "./agent-protocol.ts";
import { estimateOffset, type ClockOffset } from "./clock-offset.ts";

/** Who receives what a load's agent reports, on the recording's clock. */
export interface LoadSink {
  /** A batch of settled operations; every one intended before `knownToUs` has been given by now. */
  samples(stream: StreamName, samples: readonly Sample[], knownToUs: Micros): void;
  event(event: ClusterEvent): void;
  /** The agent is gone, or said that it cannot go on. Called at most once. */
  broken(error: HarnessError): void;
}

/** The process inside the cluster's network: runs SQL, sends load, reads ledgers. Disposing ends it. */
export interface Agent extends SqlRunner, AsyncDisposable {
  readonly clockOffset: ClockOffset;
  /** Resolves with the intended start of the first operation. One load at a time. */
  start(spec: LoadSpec, sink: LoadSink): Promise<Micros>;
  /** Resolves when every operation begun has ended and all samples have been given to the sink. */
  stop(): Promise<{ readonly neverSent: number }>;
  /** The positive ids of a ledger table. */
  readIds(request: {
    readonly at: Endpoint;
    readonly database: string;
    readonly table: string;
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
/** Every operation ends within its time-out; the rest is the agent's last batch. */
const STOP_BUDGET_MS = 15_000;
const PINGS = 7;

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
  let offsetUs = 0;
  const line = new CommandLine({
    channel,
    clock,
    onMessage: (message) => {
      if (sink !== null) deliver(message, sink, offsetUs);
    },
    onBroken: (error) => sink?.broken(error),
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
    [Symbol.asyncDispose]: async () => {
      sink = null;
      await line.close();
    },
  };
}

function deliver(message: Exclude<Message, { type: "reply" }>, sink: LoadSink, offsetUs: Micros): void {
  switch (message.type) {
    case "samples":
      for (const { stream, knownToUs, rows } of message.streams) {
        const samples = rows.map(([id, intendedUs, startUs, endUs, outcome, code]) => ({
          id,
          intendedUs: intendedUs - offsetUs,
          startUs: startUs - offsetUs,
          endUs: endUs - offsetUs,
          outcome,
          code,
        }));
        sink.samples(stream, samples, knownToUs - offsetUs);
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
