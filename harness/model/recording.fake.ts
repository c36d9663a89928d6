import type { Micros } from "./clock.ts";
import { fakeEnvironment } from "./environment.fake.ts";
import type { ClusterEvent } from "./event.ts";
import {
  fakeAddress,
  type FakeInjection,
  fakeInjectionEvents,
  fakeQuietEvents,
  fakeStartEvents,
} from "./event.fake.ts";
import { fakePlan } from "./plan.fake.ts";
import type { RunPlan } from "./plan.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { LedgerReading, Recording } from "./recording.ts";
import { fakeSamples, type FakeOutage } from "./samples.fake.ts";
import type { Sample, StreamName } from "./sample.ts";

/** A recording whose samples are lists, in the order in which they completed. */
export interface FakeRecording extends Recording {
  readonly samples: ReadonlyMap<StreamName, readonly Sample[]>;
}

export interface FakeRecordingOptions {
  readonly seed?: number;
  /** Three injections and short phases, as `--quick` does. */
  readonly quick?: boolean;
  /** Instead of three of each of the five faults. */
  readonly injections?: readonly FakeInjection[];
  /** Ends the recording without an end marker after so many injections. */
  readonly diesAfter?: number;
  readonly plan?: Partial<RunPlan>;
}

/** Typical outages of the production topology, seconds: see the README's first result. */
const typical: Readonly<Record<string, readonly [write: number, read: number]>> = {
  switchover: [1.6, 0.3],
  "crash-postgres": [1.7, 0.4],
  "kill-node": [22.9, 2.6],
  "pause-node": [23.2, 3.1],
  "isolate-node": [20.9, 2.8],
};

/** Acknowledged writes that a failover lost: the last ones before it. */
interface FakeLoss {
  readonly beforeUs: Micros;
  readonly rows: number;
}

/** What happened in a made-up run, to which its samples then fit. */
export interface FakeStory {
  readonly plan: RunPlan;
  /** In order of time for each injection. */
  readonly events: readonly ClusterEvent[];
  /** In which load is sent. */
  readonly span: { readonly fromUs: Micros; readonly toUs: Micros };
  readonly writeOutages: readonly FakeOutage[];
  readonly readOutages: readonly FakeOutage[];
  readonly losses: readonly FakeLoss[];
  /** When ledgers were read. */
  readonly readings: readonly { readonly injection: number | null; readonly atUs: Micros }[];
  /** Who was primary, from when on. */
  readonly reigns: readonly { readonly fromUs: Micros; readonly server: string }[];
  /** Why it ended before its time; null: it did not. */
  readonly incomplete: string | null;
}

/**
 * A recording as a run of failover-coordinator would write it, made up from a seed: what is measured from it can be
 * compared with the outages and losses that were put in.
 */
export function fakeRecording(options: FakeRecordingOptions = {}): FakeRecording {
  const random = seededRandom(options.seed ?? 1, "recording");
  const story = fakeStory(options, random);
  const { plan, span, writeOutages, readOutages, losses, readings, reigns, incomplete } = story;
  const samples = new Map<StreamName, readonly Sample[]>();
  for (const stream of plan.streams) {
    const outages = stream.kind === "write" ? writeOutages : readOutages;
    const own = fakeSamples(stream, span, outages, random);
    samples.set(stream.name, stream.name === "write-probe" ? own.map(fakeAcknowledgements(reigns)) : own);
  }
  const ledgers = readings.flatMap((reading) => ledgerReadings(plan, samples, losses, reading));
  return {
    plan,
    environment: fakeEnvironment(plan.topology),
    events: [
      ...story.events,
      ...ledgers.map(ledgerRead),
      ...fakeQuietEvents(plan, span, writeOutages, random),
    ].sort((a, b) => a.atUs - b.atUs),
    samples,
    ledgers,
    stages: [],
    resources: [],
    statements: [],
    invariants: [],
    end: incomplete === null ? { kind: "complete" } : { kind: "incomplete", reason: incomplete },
  };
}

/** The injections of such a run, one after the other. */
export function fakeStory(options: FakeRecordingOptions, random: () => number): FakeStory {
  const injections = options.injections ?? typicalInjections(options.quick ?? false, random);
  const plan = planOf(injections, options);
  const events: ClusterEvent[] = fakeStartEvents(plan);
  const writeOutages: FakeOutage[] = [];
  const readOutages: FakeOutage[] = [];
  const losses: FakeLoss[] = [];
  const readings: { readonly injection: number | null; readonly atUs: Micros }[] = [];

  const loadStartUs = 9_000_000;
  let cursorUs = loadStartUs + (plan.phases.warmupSeconds + plan.phases.steadySeconds) * 1e6;
  let primary = "coordinator-1";
  const reigns = [{ fromUs: 0, server: primary }];
  let incomplete: string | null = null;
  for (const [index, wanted] of injections.entries()) {
    if (options.diesAfter === index) {
      incomplete = "the harness was killed";
      break;
    }
    const planned = plan.injections[index];
    if (planned === undefined) break;
    const told = fakeInjectionEvents({ plan, planned, wanted, primary, fromUs: cursorUs, random });
    events.push(...told.events);
    if (told.writeOutage !== null) writeOutages.push(told.writeOutage);
    if (told.readOutage !== null) readOutages.push(told.readOutage);
    losses.push({ beforeUs: told.writeOutage?.fromUs ?? cursorUs, rows: wanted.lostRows ?? 0 });
    if (told.ledgerAtUs !== null) readings.push({ injection: planned.injection, atUs: told.ledgerAtUs });
    reigns.push({ fromUs: told.writeOutage?.toUs ?? told.endUs, server: told.primary });
    primary = told.primary;
    cursorUs = told.endUs;
    if (wanted.writeOutageSeconds === Infinity) {
      incomplete = "the cluster did not recover within its budget";
      break;
    }
  }

  if (incomplete === null) readings.push({ injection: null, atUs: cursorUs + 500_000 });
  const span = { fromUs: loadStartUs, toUs: cursorUs };
  return { plan, events, span, writeOutages, readOutages, losses, readings, reigns, incomplete };
}

function ledgerRead({ injection, atUs, stream, rows }: LedgerReading): ClusterEvent {
  return { kind: "ledger-read", atUs, injection, stream, rows };
}

/** Each acknowledged write says by whom: who reigned when it was due, on a timeline of its own for each reign. */
export function fakeAcknowledgements(reigns: FakeStory["reigns"]): (sample: Sample) => Sample {
  return (sample) => {
    const index = reigns.findLastIndex(({ fromUs }) => fromUs <= sample.intendedUs);
    if (sample.outcome !== "ok") return sample;
    const address = fakeAddress(reigns[index]?.server ?? "");
    return { ...sample, acknowledgedBy: { timeline: index + 1, address } };
  };
}

function typicalInjections(quick: boolean, random: () => number): FakeInjection[] {
  const faults = quick
    ? ["crash-postgres", "kill-node", "isolate-node"]
    : Object.keys(typical).flatMap((fault) => [fault, fault, fault]);
  return faults.map((fault) => {
    const [write, read] = typical[fault] ?? [1, 0];
    const spread = 0.9 + 0.15 * random();
    return { fault, writeOutageSeconds: write * spread, readOutageSeconds: read * spread };
  });
}

function planOf(injections: readonly FakeInjection[], options: FakeRecordingOptions): RunPlan {
  const plan = fakePlan(
    injections.map(({ fault }) => fault),
    options.plan,
  );
  if (options.quick !== true) return plan;
  const phases = options.plan?.phases ?? { warmupSeconds: 2, steadySeconds: 5, recoverySeconds: 2 };
  return { ...plan, phases, scenario: { ...plan.scenario, quick: true } };
}

function ledgerReadings(
  plan: RunPlan,
  samples: ReadonlyMap<StreamName, readonly Sample[]>,
  losses: readonly FakeLoss[],
  reading: { readonly injection: number | null; readonly atUs: Micros },
): LedgerReading[] {
  return plan.streams.flatMap((stream): LedgerReading[] => {
    if (stream.ledgerTable === null) return [];
    const own = samples.get(stream.name) ?? [];
    const lost = stream.name === "write-probe" ? lostIds(own, losses, reading.atUs) : new Set<number>();
    const ids = own
      .filter(({ id, outcome, endUs }) => {
        if (endUs > reading.atUs || lost.has(id)) return false;
        return outcome === "ok" || (outcome === "unknown" && id % 2 === 0);
      })
      .map(({ id }) => id)
      .sort((a, b) => a - b);
    return [
      {
        stream: stream.name,
        table: stream.ledgerTable,
        injection: reading.injection,
        atUs: reading.atUs,
        rows: ids.length,
        present: ranges(ids),
      },
    ];
  });
}

/** The last acknowledged writes before each outage, as an asynchronous failover would lose them. */
function lostIds(samples: readonly Sample[], losses: readonly FakeLoss[], untilUs: Micros): Set<number> {
  const lost = new Set<number>();
  for (const { beforeUs, rows } of losses) {
    if (rows === 0 || beforeUs > untilUs) continue;
    const before = samples.filter(({ outcome, endUs }) => outcome === "ok" && endUs <= beforeUs);
    for (const { id } of before.slice(-rows)) lost.add(id);
  }
  return lost;
}

function ranges(ids: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const id of ids) {
    const last = found.at(-1);
    if (last?.[1] === id - 1) last[1] = id;
    else found.push([id, id]);
  }
  return found;
}
