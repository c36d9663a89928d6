import { expect } from "vitest";
import { findEpisodes } from "../../measure/find-episodes.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { LoadPlan } from "../../model/load.ts";
import type { Sample, StreamName } from "../../model/sample.ts";
import type { Endpoint } from "../../model/layout.ts";
import { systemClock } from "../../support/system-clock.ts";
import { startAgentProcess } from "./agent-process.fake.ts";
import type { IdRanges } from "../protocol/agent-protocol.ts";
import { connectAgent, type LoadSink } from "../client/connect-agent.ts";
import { startOutageProxy, type KnownOutage, type OutageProxy } from "./outage-proxy.fake.ts";
import { ServiceTracker } from "../client/service-tracker.ts";

const INTERVAL_US = 10_000;
const TIMEOUT_MS = 1000;

const probe = { ratePerSecond: 1_000_000 / INTERVAL_US, timeoutMs: TIMEOUT_MS };
const background = {
  ...probe,
  workload: "tenant-orders",
  ratePerSecond: 200,
  arrival: "poisson",
  connections: 8,
} as const;
const load: LoadPlan = { writeProbe: probe, readProbe: probe, background };

/** All that a run of the real agent through an outage of known length has shown. */
export interface OutageRun {
  readonly samples: ReadonlyMap<StreamName, readonly Sample[]>;
  readonly events: readonly ClusterEvent[];
  /** As it really was, on the recording's clock. */
  readonly outage: { readonly fromUs: number; readonly toUs: number };
  /** What the live trackers said of its end. */
  readonly trackedUs: ReadonlyMap<StreamName, number | null>;
  /** The write probe's ledger after the load, when asked for. */
  readonly ledger: IdRanges | null;
}

/** The default load of two probes and a mix, 1.5 s before, through and until lasting service after an outage between agent and server. */
export async function runThroughOutage(options: {
  readonly server: Endpoint;
  readonly database: string;
  readonly password: string;
  /** Run first, past the proxy. */
  readonly statements: readonly string[];
  readonly readLedger: boolean;
  readonly cause: (proxy: OutageProxy) => Promise<KnownOutage>;
}): Promise<OutageRun> {
  const { server, database, password, statements } = options;
  const clock = systemClock();
  await using proxy = await startOutageProxy(server.host, server.port);
  await using agentProcess = await startAgentProcess();
  await using agent = await connectAgent({ channel: agentProcess.channel, ...clock, clock, password });
  if (statements.length > 0) await agent.run({ at: server, database, statements, budgetMs: 20_000 });
  const samples = new Map<StreamName, Sample[]>();
  const events: ClusterEvent[] = [];
  const trackers = new Map<StreamName, ServiceTracker>([
    ["write-probe", new ServiceTracker(TIMEOUT_MS)],
    ["read-probe", new ServiceTracker(TIMEOUT_MS)],
  ]);
  const sink: LoadSink = {
    samples: (stream, batch, knownToUs) => {
      samples.set(stream, [...(samples.get(stream) ?? []), ...batch]);
      trackers.get(stream)?.add(batch, knownToUs);
    },
    event: (event) => events.push(event),
    broken: (error) => {
      throw error;
    },
  };
  const at = { host: "127.0.0.1", port: proxy.port };
  await agent.start({ load, endpoints: { readWrite: at, readOnly: at }, database, seed: 1 }, sink);
  await clock.sleep(1500);
  const { fromNs, toNs } = await options.cause(proxy);
  const onClock = (ns: bigint): number => Number((ns - clock.epochNs) / 1000n);
  const backUs = (tracker: ServiceTracker): number | null => tracker.servedSince(onClock(fromNs), 1_000_000);
  const untilUs = clock.nowUs() + 10_000_000;
  while ([...trackers.values()].some((tracker) => backUs(tracker) === null) && clock.nowUs() < untilUs) {
    await clock.sleep(50);
  }
  await agent.stop();
  const request = { at: server, database, table: "dpg_ledger", budgetMs: 10_000 };
  const ledger = options.readLedger ? await agent.readIds(request) : null;
  const outage = { fromUs: onClock(fromNs), toUs: onClock(toNs) };
  const trackedUs = new Map([...trackers].map(([stream, tracker]) => [stream, backUs(tracker)] as const));
  return { samples, events, outage, trackedUs, ledger };
}

/**
 * Holds what was measured of a probe against what was done. It is right to one probe interval, to how late operations
 * began at the edges, and to what is not the client's: at the beginning the age of an operation that the outage struck
 * under way, at the end what a log-in then takes (from the first operation that began and was served, to the first
 * success: log-ins at once do not end in the order in which they began). Prints the figures.
 */
export function expectMeasured(title: string, run: OutageRun, stream: StreamName): void {
  const samples = [...(run.samples.get(stream) ?? [])].sort(
    (one, other) => one.intendedUs - other.intendedUs,
  );
  const { outage } = run;
  // Others are the machine's: a stall of a second or more is an outage too.
  const { fromUs, toUs } = findEpisodes(samples, TIMEOUT_MS).find(
    (episode) => episode.fromUs < outage.toUs && (episode.toUs ?? Infinity) > outage.fromUs,
  ) ?? { fromUs: NaN, toUs: null };
  const success = samples.find(({ endUs }) => endUs === toUs);
  if (success === undefined) throw new Error("the outage has no measured end");
  const struck = samples.find(
    ({ intendedUs, endUs }) => intendedUs <= outage.fromUs && endUs >= outage.fromUs,
  );
  const ageUs = struck === undefined ? 0 : outage.fromUs - struck.intendedUs;
  const first = samples.find(({ startUs, outcome }) => startUs >= outage.toUs && outcome === "ok") ?? success;
  const logInUs = Math.max(0, success.endUs - first.startUs);
  const edgeUs = INTERVAL_US + latenessNear(samples, outage);
  const [beganUs, endedUs] = [fromUs - outage.fromUs, success.endUs - outage.toUs];
  console.log(
    `${title}, ${stream}: known ${seconds(outage.toUs - outage.fromUs)}, measured ${seconds(success.endUs - fromUs)}`,
    `(began ${ms(beganUs)} and ended ${ms(endedUs)} after it; edges ±${ms(edgeUs)}, log-in ${ms(logInUs)})`,
  );
  expect(beganUs).toBeGreaterThanOrEqual(-Math.max(ageUs, edgeUs));
  expect(beganUs).toBeLessThanOrEqual(edgeUs);
  expect(endedUs).toBeGreaterThanOrEqual(-edgeUs);
  expect(endedUs).toBeLessThanOrEqual(edgeUs + logInUs);
  expect(run.trackedUs.get(stream)).toBe(toUs);
}

/** The agent's own figures, second by second. */
export function healthLines(run: OutageRun): string {
  return run.events
    .flatMap((event) => (event.kind === "agent-health" ? [event] : []))
    .map(
      ({ lagP50Us, lagP99Us, lagMaxUs, cpuShare }) =>
        `lag p50 ${ms(lagP50Us)}, p99 ${ms(lagP99Us)}, max ${ms(lagMaxUs)}, CPU ${cpuShare.toFixed(2)}`,
    )
    .join("\n");
}

function latenessNear(samples: readonly Sample[], { fromUs, toUs }: OutageRun["outage"]): number {
  const near = samples.filter(({ intendedUs }) =>
    [fromUs, toUs].some((edge) => Math.abs(intendedUs - edge) < 50_000),
  );
  return Math.max(...near.map(({ startUs, intendedUs }) => startUs - intendedUs));
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(4)} s`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
