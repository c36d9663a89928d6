import type { ClusterWatch, LineChannel } from "../model/capabilities.ts";
import type { Clock, Micros } from "../model/clock.ts";
import type { Credentials } from "../model/credentials.ts";
import { HarnessError } from "../model/errors.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { ClusterLayout } from "../model/layout.ts";
import type { Topology } from "../model/topology.ts";
import { applyEvent, emptyView } from "./cluster-view.ts";
import { observerIntervals, observerSpec, type ObserverLine } from "./observer-spec.ts";
import { redundancyGaps } from "./redundancy.ts";
import { pendingWaits } from "./pending-waits.ts";

/** The observer's first answer may take as long as starting Node.js on a machine that is busy starting the cluster. */
const START_MS = 30_000;
const PINGS = 5;
const PING_MS = 2000;

const GONE =
  "Nobody sees the cluster's state without it. Did something end its container? Its last words are in the run's folder, in logs/observer.log.";

/** The cluster, watched, until disposed of. */
export interface RunningWatch extends ClusterWatch, AsyncDisposable {
  /** The observer's clock minus ours. 0 where they share a kernel; the uncertainty is half the fastest ping. */
  readonly clockOffset: { readonly offsetUs: number; readonly uncertaintyUs: number };
  /** How often each observer looks, in words. */
  readonly intervals: readonly string[];
  /** Processor time the observer has used so far, microseconds. */
  cpuUs(): Promise<number>;
}

interface WatchOptions {
  readonly channel: LineChannel;
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly credentials: Credentials;
  readonly epochNs: bigint;
  /** Called with every event in the order of arrival, its time on the recording's clock. */
  readonly onEvent: (event: ClusterEvent) => void;
  /** Called once when the observer has ended before its time: nothing more is seen from then on. */
  readonly onEnded?: ((error: HarnessError) => void) | undefined;
  readonly clock: Clock;
}

interface Pong {
  readonly receivedUs: Micros;
  readonly atUs: Micros;
  readonly cpuUs: number;
}

/**
 * Starts the observer over its channel and folds what it tells. Rejects with a HarnessError when the observer does
 * not answer; when it ends later, a note is emitted and every wait rejects.
 */
export async function watchCluster(options: WatchOptions): Promise<RunningWatch> {
  const { channel, topology, layout, clock } = options;
  const spec = observerSpec(topology, layout, options.credentials, options.epochNs);
  const waits = pendingWaits(clock);
  const replies = new Map<number, (pong: Pong) => void>();
  let view = emptyView(layout);
  let offsetUs = 0;
  // Events wait until the offset of their clock is known.
  let held: ClusterEvent[] | null = [];
  let pings = 0;
  let started: () => void = () => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));

  const take = (line: ObserverLine): void => {
    if ("kind" in line) {
      if (held !== null) return void held.push(line);
      const event = { ...line, atUs: line.atUs - offsetUs };
      view = applyEvent(view, event);
      options.onEvent(event);
      waits.look(event);
    } else if (line.reply === "started") started();
    else replies.get(line.ping)?.({ ...line, receivedUs: clock.nowUs() });
  };
  const ping = async (): Promise<Pong & { readonly sentUs: Micros }> => {
    const number = ++pings;
    const answer = new Promise<Pong>((resolve) => replies.set(number, resolve));
    const sentUs = clock.nowUs();
    channel.send(JSON.stringify({ ping: number }));
    try {
      return { sentUs, ...(await waits.bounded("an answer of the observer to a ping", PING_MS, answer)) };
    } finally {
      replies.delete(number);
    }
  };

  const ended = (reason: string): void => {
    if (!waits.end(reason)) return;
    options.onEvent({ kind: "note", atUs: clock.nowUs(), text: reason });
    options.onEnded?.(new HarnessError({ code: "observer-ended", message: reason, mend: GONE }));
  };
  const reading = readLines(channel, take).then(ended, (error: unknown) =>
    ended(`The observer's output could not be read: ${String(error)}`),
  );
  try {
    channel.send(JSON.stringify(spec));
    await waits.bounded("the observer to start", START_MS, hasStarted);
    const clockOffset = await measureOffset(ping);
    offsetUs = clockOffset.offsetUs;
    const early = held;
    held = null;
    early.forEach(take);
    return {
      view: () => view,
      waitUntil: ({ what, holds, budgetMs, signal }) =>
        holds(view)
          ? Promise.resolve(clock.nowUs())
          : waits.until({
              what,
              holds: () => holds(view),
              found: () => describe(redundancyGaps(topology, layout, view)),
              budgetMs,
              signal,
            }),
      nextLoopTick: (group, budgetMs, signal) =>
        waits.until({
          what: `the next turn of Patroni's loop in ${group}`,
          holds: (event) => event.kind === "loop-tick" && event.group === group,
          found: () => "none was seen",
          budgetMs,
          signal,
        }),
      clockOffset,
      intervals: observerIntervals(spec),
      cpuUs: async () => (await ping()).cpuUs,
      [Symbol.asyncDispose]: async () => {
        waits.end(null);
        await channel.close();
        await reading;
      },
    };
  } catch (error) {
    waits.end(null);
    await channel.close();
    throw error;
  }
}

async function readLines(channel: LineChannel, take: (line: ObserverLine) => void): Promise<string> {
  let strange = "";
  for await (const line of channel.lines) {
    if (line.startsWith("{")) take(JSON.parse(line) as ObserverLine);
    else if (line.trim() !== "") strange = ` Its last words: ${line}`;
  }
  return `The observer has ended before its time.${strange}`;
}

/** The fastest of a few pings decides. An offset that is within its own uncertainty is none. */
async function measureOffset(
  ping: () => Promise<Pong & { readonly sentUs: Micros }>,
): Promise<RunningWatch["clockOffset"]> {
  let best = { offsetUs: 0, uncertaintyUs: Infinity };
  for (let i = 0; i < PINGS; i++) {
    const { sentUs, atUs, receivedUs } = await ping();
    const uncertaintyUs = Math.ceil((receivedUs - sentUs) / 2);
    const offsetUs = Math.round(atUs - (sentUs + receivedUs) / 2);
    if (uncertaintyUs < best.uncertaintyUs) best = { offsetUs, uncertaintyUs };
  }
  return Math.abs(best.offsetUs) <= best.uncertaintyUs ? { ...best, offsetUs: 0 } : best;
}

function describe(gaps: readonly string[]): string {
  if (gaps.length === 0) return "the cluster has its full redundancy";
  const [shown, rest] = [gaps.slice(0, 6), gaps.length - 6];
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
