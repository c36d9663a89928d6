import type { ClusterWatch, LineChannel } from "../../model/capabilities.ts";
import { estimateOffset, type ClockOffset } from "../../support/clock-offset.ts";
import type { Clock, Micros } from "../../model/clock.ts";
import type { Credentials } from "../../model/credentials.ts";
import { HarnessError } from "../../model/errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { ClusterLayout } from "../../model/layout.ts";
import type { ResourceReading } from "../../model/resource.ts";
import type { Topology } from "../../model/topology.ts";
import { applyEvent, emptyView } from "./cluster-view.ts";
import {
  observerIntervals,
  observerSpec,
  type CountedStatement,
  type ObserverLine,
  type ObserverRequest,
} from "../protocol/observer-spec.ts";
import { redundancyGaps } from "../../cluster/redundancy.ts";
import { pendingWaits } from "./pending-waits.ts";

/** The observer's first answer may take as long as starting Node.js on a machine that is busy starting the cluster. */
const START_MS = 30_000;
const PINGS = 5;
const PING_MS = 2000;
/** Log-in and two queries on every member, beside the load. */
const STATEMENTS_MS = 12_000;

const GONE =
  "Nobody sees the cluster's state without it. Did something end its container? Its last words are in the run's folder, in logs/observer.log.";

/** The cluster, watched, until disposed of. */
export interface RunningWatch extends ClusterWatch, AsyncDisposable {
  /** The observer's clock minus ours. */
  readonly clockOffset: ClockOffset;
  /** How often each observer looks, in words. */
  readonly intervals: readonly string[];
  /** Processor time the observer has used so far, microseconds. */
  cpuUs(): Promise<number>;
  /**
   * From now on, about once a second, a reading of each PgBouncer and each PostgreSQL member; null: no more. What
   * cannot be read becomes a note among the events.
   */
  readResources(sink: ((reading: ResourceReading) => void) | null): void;
  /**
   * What the clients' statements cost on each member since the call before (or the server's start), those that took
   * most time. Rejects with a HarnessError when the observer does not answer.
   */
  readStatements(): Promise<{
    readonly statements: readonly CountedStatement[];
    /** What could not be read, and why, in whole sentences. */
    readonly missing: readonly string[];
  }>;
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

type Statements = Awaited<ReturnType<RunningWatch["readStatements"]>>;

interface Pong {
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
  const pongs = new Map<number, (pong: Pong) => void>();
  const told = new Map<number, (statements: Statements) => void>();
  let sink: ((reading: ResourceReading) => void) | null = null;
  let view = emptyView(layout);
  let offsetUs = 0;
  // Events wait until the offset of their clock is known.
  let held: ClusterEvent[] | null = [];
  let requests = 0;
  let started: () => void = () => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));

  const take = (line: ObserverLine): void => {
    if ("kind" in line) {
      if (held !== null) return void held.push(line);
      const event = onOurClock(line, offsetUs);
      view = applyEvent(view, event);
      options.onEvent(event);
      waits.look(event);
    } else if ("reading" in line) sink?.({ ...line.reading, atUs: line.reading.atUs - offsetUs });
    else if (line.reply === "started") started();
    else if (line.reply === "statements") told.get(line.request)?.(line);
    else pongs.get(line.ping)?.(line);
  };
  const ask = async <Answer>(
    answers: Map<number, (answer: Answer) => void>,
    requestOf: (number: number) => ObserverRequest,
    what: string,
    budgetMs: number,
  ): Promise<Answer> => {
    const number = ++requests;
    const answer = new Promise<Answer>((resolve) => answers.set(number, resolve));
    channel.send(JSON.stringify(requestOf(number)));
    try {
      return await waits.bounded(what, budgetMs, answer);
    } finally {
      answers.delete(number);
    }
  };
  const ping = (): Promise<Pong> =>
    ask(pongs, (number) => ({ ping: number }), "an answer of the observer to a ping", PING_MS);

  const ended = (reason: string): void => {
    if (!waits.end(reason)) return;
    options.onEvent({ kind: "note", atUs: clock.nowUs(), text: reason });
    options.onEnded?.(new HarnessError({ code: "observer-ended", message: reason, hint: GONE }));
  };
  const reading = readLines(channel, take).then(ended, (error: unknown) =>
    ended(`The observer's output could not be read: ${String(error)}`),
  );
  try {
    channel.send(JSON.stringify(spec));
    await waits.bounded("the observer to start", START_MS, hasStarted);
    const clockOffset = await estimateOffset(PINGS, async () => (await ping()).atUs, clock);
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
      readResources: (newSink) => {
        sink = newSink;
        const request: ObserverRequest = { watch: "resources", on: newSink !== null };
        channel.send(JSON.stringify(request));
      },
      readStatements: () =>
        ask(
          told,
          (number) => ({ tell: "statements", request: number }),
          "the observer to read the members' statements",
          STATEMENTS_MS,
        ),
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

/** Every time in an observer's event is of its clock. */
function onOurClock(event: ClusterEvent, offsetUs: number): ClusterEvent {
  const atUs = event.atUs - offsetUs;
  if (event.kind !== "postgres-state" || offsetUs === 0) return { ...event, atUs };
  const { server, absence } = event;
  return {
    ...event,
    atUs,
    server: server == null ? server : { ...server, startedUs: server.startedUs - offsetUs },
    absence:
      absence == null || absence.why === "refused" || absence.seenUs === null
        ? absence
        : { ...absence, seenUs: absence.seenUs - offsetUs },
  };
}

function describe(gaps: readonly string[]): string {
  if (gaps.length === 0) return "the cluster has its full redundancy";
  const [shown, rest] = [gaps.slice(0, 6), gaps.length - 6];
  return shown.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
