import type { EngineDescription } from "../../../model/stage.ts";
import { SqlFailure } from "../../wire/run-sql.ts";
import type { Engine, EngineLoad, RunningStage, StageSink } from "../engine.ts";
import { engineClock, type EngineClock } from "./schedule/engine-clock.ts";
import { ownCostUs } from "./record/own-cost.ts";
import { prepareSender } from "./prepare-sender.ts";
import { forkSender } from "./sender-process.ts";
import { startSenders } from "./start-senders.ts";

/** From the last log-in to the first operation. */
const LEAD_US = 100_000;

/**
 * Our own: prepared statements over PostgreSQL's wire protocol. An agent has a thread that reads the answers and one that
 * sends what is due in an open load; several agents are processes of their own.
 */
export const nativeEngine: Engine = {
  name: "native",
  start: async (load, sink) => {
    const clock = engineClock(load.epochNs);
    const engine: EngineDescription = {
      version: "native",
      timer: clock.timer,
      timerResolutionNs: clock.resolutionNs,
      ownCostUs: await ownCostUs(),
    };
    if (load.client.agents === 1) return await startHere(load, sink, clock, engine);
    const { startedUs, ended, stop } = await startSenders(load, sink, {
      fork: forkSender,
      nowUs: clock.nowUs,
    });
    return { startedUs, engine, ended, stop: () => stopped(stop, ended) };
  },
};

async function startHere(
  load: EngineLoad,
  sink: StageSink,
  clock: EngineClock,
  engine: EngineDescription,
): Promise<RunningStage> {
  const prepared = await prepareSender(load, { agent: 1, of: 1 }, clock);
  if (prepared.kind === "refused") {
    const { code, text } = prepared.refusal;
    throw new SqlFailure({ code, message: text });
  }
  const startedUs = Math.round(clock.nowUs()) + LEAD_US;
  const sender = prepared.sender.begin(startedUs, sink, (error) => {
    throw error;
  });
  const ended = sender.ended.then(() => ({ kind: "complete" }) as const);
  return { startedUs, engine, ended, stop: () => stopped(() => sender.stop(), ended) };
}

async function stopped(stop: () => void, ended: Promise<unknown>): Promise<void> {
  stop();
  await ended;
}
