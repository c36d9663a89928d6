import type { Micros } from "../../model/clock.ts";
import { valueAtPercentile } from "../../stats/percentiles.ts";
import type { Message } from "../protocol/agent-protocol.ts";
import { composeLoad, type ComposeOptions } from "./compose-load.ts";
import { startPacer, type PacedStream } from "./pacer.ts";

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
  const { epochNs, nowUs, send, onError } = options;
  const load = composeLoad({ ...options, onConnection: send });
  await Promise.all(load.connections.map((connections) => connections.prepare(PREPARE_MS)));
  const startedUs = nowUs() + LEAD_US;
  const paced = load.streams.map(({ stream, arrivals, isProbe }) => ({
    stream,
    isProbe,
    pace: {
      arrivals: arrivals(startedUs),
      begin: (intendedUs) => stream.begin(intendedUs),
    } satisfies PacedStream,
  }));
  const pacer = startPacer({ streams: paced.map(({ pace }) => pace), epochNs, onError });
  const neverSent = (): number => load.streams.reduce((sum, { stream }) => sum + stream.neverSent, 0);

  const sendSamples = (): void => {
    const streams = paced.map(({ stream, pace }) => ({
      stream: stream.name,
      knownToUs: stream.knownToUs(pacer.nextUs(pace)),
      rows: stream.takeRows(),
    }));
    send({ type: "samples", streams });
  };
  const health = healthMeter(nowUs);
  const sendHealth = (): void => {
    const lags = paced.flatMap(({ stream, isProbe }) =>
      isProbe ? stream.takeLags() : (stream.takeLags(), []),
    );
    send(health(lags, neverSent()));
  };
  const timers = [
    setInterval(sendSamples, SEND_SAMPLES_EVERY_MS),
    setInterval(sendHealth, SEND_HEALTH_EVERY_MS),
  ];
  return {
    startedUs,
    stop: async () => {
      await pacer.stop();
      while (paced.some(({ stream }) => stream.inFlight > 0)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      for (const timer of timers) clearInterval(timer);
      sendSamples();
      for (const connections of load.connections) connections.closeAll();
      return { neverSent: neverSent() };
    },
  };
}

/** Reads the second that has passed: lateness of the probes' starts, share of a core, operations never sent. */
function healthMeter(nowUs: () => Micros): (lags: readonly Micros[], neverSentSoFar: number) => Message {
  let lastUs = nowUs();
  let lastCpu = process.cpuUsage();
  let lastNeverSent = 0;
  return (lags, neverSentSoFar) => {
    const atUs = nowUs();
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
