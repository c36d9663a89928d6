import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { LoadPlan } from "../model/load.ts";
import type { Sample, StreamName } from "../model/sample.ts";
import { findEpisodes } from "../measure/find-episodes.ts";
import { systemClock } from "../system-clock.ts";
import { startAgentProcess } from "./agent-process.fake.ts";
import { connectAgent, type LoadSink } from "./connect-agent.ts";
import { startOutageProxy, type KnownOutage, type OutageProxy } from "./outage-proxy.fake.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";
import { ServiceTracker } from "./service-tracker.ts";

const INTERVAL_US = 10_000;
const load: LoadPlan = {
  writeProbe: { ratePerSecond: 100, timeoutMs: 1000 },
  readProbe: { ratePerSecond: 100, timeoutMs: 1000 },
  background: {
    workload: "tenant-orders",
    ratePerSecond: 200,
    arrival: "poisson",
    timeoutMs: 1000,
    connections: 8,
  },
};

for (const [title, cause] of [
  ["a black hole", (proxy: OutageProxy) => proxy.blackHole(3000)],
  ["a refusal", (proxy: OutageProxy) => proxy.refuse(3000)],
] as const) {
  test.concurrent(
    `${title} of 3.000 s is measured as 3.000 s to one probe interval, by both probes`,
    async () => {
      const run = await runThroughOutage(cause);
      for (const stream of ["write-probe", "read-probe"] as const) {
        const samples = run.samples.get(stream) ?? [];
        const measured = episode(samples, 1000);
        const known = run.outage;
        // Beyond the interval only the client's own error at the edges is allowed, as the samples state it: how late
        // operations began there, and how long the first success was under way.
        const latenessUs = latenessNear(samples, [known.fromUs, known.toUs]);
        const allowanceUs = INTERVAL_US + latenessUs + measured.serviceUs;
        console.log(
          `${title}, ${stream}: known ${seconds(known.toUs - known.fromUs)}, measured ${seconds(measured.toUs - measured.fromUs)}`,
          `(begin ${ms(measured.fromUs - known.fromUs)}, end ${ms(measured.toUs - known.toUs)}, allowed ±${ms(allowanceUs)})`,
        );
        expect(Math.abs(measured.toUs - measured.fromUs - (known.toUs - known.fromUs))).toBeLessThanOrEqual(
          allowanceUs,
        );
        expect(Math.abs(measured.fromUs - known.fromUs)).toBeLessThanOrEqual(allowanceUs);
        expect(run.tracked.get(stream)).toBe(measured.toUs);
      }
      console.log(`${title}: health per second`, run.events.flatMap(healthLine).join(" · "));
    },
  );
}

interface CalibrationRun {
  readonly samples: ReadonlyMap<StreamName, readonly Sample[]>;
  readonly events: readonly ClusterEvent[];
  readonly outage: { readonly fromUs: number; readonly toUs: number };
  /** What the live tracker said of the end. */
  readonly tracked: ReadonlyMap<StreamName, number | null>;
}

async function runThroughOutage(
  cause: (proxy: OutageProxy) => Promise<KnownOutage>,
): Promise<CalibrationRun> {
  const clock = systemClock();
  await using stub = await startPostgresStub();
  await using proxy = await startOutageProxy("127.0.0.1", stub.port);
  await using agentProcess = await startAgentProcess();
  await using agent = await connectAgent({
    channel: agentProcess.channel,
    ...clock,
    clock,
    password: "secret",
  });
  const at = { host: "127.0.0.1", port: proxy.port };
  const samples = new Map<StreamName, Sample[]>();
  const events: ClusterEvent[] = [];
  const trackers = new Map<StreamName, ServiceTracker>([
    ["write-probe", new ServiceTracker(1000)],
    ["read-probe", new ServiceTracker(1000)],
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
  await agent.start({ load, endpoints: { readWrite: at, readOnly: at }, database: "bench", seed: 1 }, sink);
  await clock.sleep(1500);
  const { fromNs, toNs } = await cause(proxy);
  await clock.sleep(1500);
  await agent.stop();
  const onClock = (ns: bigint): number => Number((ns - clock.epochNs) / 1000n);
  const outage = { fromUs: onClock(fromNs), toUs: onClock(toNs) };
  const tracked = new Map(
    [...trackers].map(
      ([stream, tracker]) => [stream, tracker.servedSince(outage.fromUs, 1_000_000)] as const,
    ),
  );
  return { samples, events, outage, tracked };
}

/** The one episode, as measurements are made of it; and the service time of the success that ended it. */
function episode(
  samples: readonly Sample[],
  timeoutMs: number,
): { fromUs: number; toUs: number; serviceUs: number } {
  const ordered = [...samples].sort((one, other) => one.intendedUs - other.intendedUs);
  const episodes = findEpisodes(ordered, timeoutMs);
  expect(episodes).toHaveLength(1);
  const { fromUs, toUs } = episodes[0]!;
  if (toUs === null) throw new Error("the outage has no measured end");
  const success = ordered.find(({ endUs }) => endUs === toUs)!;
  return { fromUs, toUs, serviceUs: success.endUs - success.startUs };
}

function latenessNear(samples: readonly Sample[], edges: readonly number[]): number {
  const near = samples.filter(({ intendedUs }) => edges.some((edge) => Math.abs(intendedUs - edge) < 50_000));
  return Math.max(...near.map(({ startUs, intendedUs }) => startUs - intendedUs));
}

function healthLine(event: ClusterEvent): string[] {
  if (event.kind !== "agent-health") return [];
  return [
    `lag p50 ${event.lagP50Us} p99 ${event.lagP99Us} max ${event.lagMaxUs} us, CPU ${event.cpuShare.toFixed(2)}`,
  ];
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(4)} s`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}
