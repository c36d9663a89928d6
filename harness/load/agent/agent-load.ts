import type { Micros } from "../../model/clock.ts";
import { valueAtPercentile } from "../../stats/percentiles.ts";
import type { Message } from "../protocol/agent-protocol.ts";
import { startStreamSender } from "../engines/native/stream-sender.ts";
import { composeLoad, type ComposeOptions } from "./compose-load.ts";

const SEND_SAMPLES_EVERY_MS = 100;
const SEND_HEALTH_EVERY_MS = 1000;
/** From the command to the first operation. */
const LEAD_US = 100_000;

export interface AgentLoad {
  readonly startedUs: Micros;
  /** Resolves when every operation begun has ended and was sent. */
  stop(): Promise<{ readonly neverSent: number }>;
}

/** How long the first connections may take to be made before the load begins without them. */
const PREPARE_MS = 2000;

/** Runs a load and sends what becomes of it, until it is stopped. */
export async function startAgentLoad(
  options: Omit<ComposeOptions, "onConnection"> & {
    readonly send: (message: Message) => void;
    readonly onError: (error: Error) => void;
  },
): Promise<AgentLoad> {
  const { clock, epochNs, send, onError } = options;
  const streams = composeLoad({ ...options, onConnection: send });
  const sessions = [...new Set(streams.map(({ route }) => route.sessions))];
  await Promise.all(sessions.map((each) => each.prepare(PREPARE_MS)));
  const startedUs = Math.round(clock.nowUs()) + LEAD_US;
  const sender = startStreamSender({ streams, startedUs, clock, epochNs, onError });
  const { recorder } = sender;
  const sendSamples = (): void => send({ type: "samples", streams: recorder.takeRows() });
  const health = healthMeter(clock.nowUs);
  const sendHealth = (): void => send(health(recorder.takeLags(), recorder.neverSentSoFar));
  const timers = [
    setInterval(sendSamples, SEND_SAMPLES_EVERY_MS),
    setInterval(sendHealth, SEND_HEALTH_EVERY_MS),
  ];
  return {
    startedUs,
    stop: async () => {
      sender.stop();
      await sender.ended;
      for (const timer of timers) clearInterval(timer);
      sendSamples();
      return { neverSent: recorder.neverSentSoFar };
    },
  };
}

/** Reads the second that has passed: lateness of the probes' starts, share of a core, operations never sent. */
function healthMeter(nowUs: () => Micros): (lags: readonly Micros[], neverSentSoFar: number) => Message {
  let lastUs = nowUs();
  let lastCpu = process.cpuUsage();
  let lastNeverSent = 0;
  return (lags, neverSentSoFar) => {
    const atUs = Math.round(nowUs());
    const cpu = process.cpuUsage(lastCpu);
    const sorted = Float64Array.from(lags).sort();
    const message = {
      type: "health",
      atUs,
      lagP50Us: valueAtPercentile(sorted, 50),
      lagP99Us: valueAtPercentile(sorted, 99),
      lagMaxUs: valueAtPercentile(sorted, 100),
      cpuShare: (cpu.user + cpu.system) / (atUs - lastUs),
      neverSent: neverSentSoFar - lastNeverSent,
    } as const;
    lastUs = atUs;
    lastCpu = process.cpuUsage();
    lastNeverSent = neverSentSoFar;
    return message;
  };
}
