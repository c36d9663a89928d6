import type { Micros } from "../model/clock.ts";
import { COORDINATORS } from "../model/layout.ts";
import type { LoadPlan } from "../model/load.ts";
import type { InjectionMeasurement, Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import { isDirect, isProbe, type StreamDescription } from "../model/sample.ts";
import { inOrder, type Samples } from "../model/samples.ts";
import { attributeEpisodes, type AttributedEpisodes } from "./attribute-episodes.ts";
import { circuitOf } from "./circuit.ts";
import { clientStalls } from "./client-stalls.ts";
import { countDue } from "./count-due.ts";
import { countOperations, noOperations, type OperationCounts } from "./count-operations.ts";
import { type InjectionWindow, listInjections } from "./list-injections.ts";
import { listFigures, type InjectionSamples } from "./list-figures.ts";
import { listGaps } from "./list-gaps.ts";
import { groupsHit, measureInjection, type ProbeStory } from "./measure-injection.ts";
import { measureLatency } from "./measure-latency.ts";
import { measureContainers } from "./measure-containers.ts";
import { measureStretches } from "./measure-stretches.ts";
import { measureScheduleLag } from "./measure-schedule-lag.ts";
import { listStray, strayFigure, type StrayStory } from "./measure-stray.ts";
import { partsOfRun } from "./parts-of-run.ts";
import { seeService } from "./see-service.ts";
import { summariseFaults } from "./summarise-faults.ts";

/** Everything that follows from the recording of a run of faults, with its probes and background load. */
export function measureFaults(recording: Recording, load: LoadPlan, safety: SafetyChecks): Measurements {
  const events = [...recording.events].sort((a, b) => a.atUs - b.atUs);
  const sorted: Recording = { ...recording, events, samples: inOrderEach(recording.samples) };
  const write = sorted.samples.get("write-probe") ?? [];
  const read = sorted.samples.get("read-probe") ?? [];
  const endOfLoadUs = endOfLoad([write, read], sorted);
  const windows = listInjections(sorted, endOfLoadUs);
  const { writeProbe } = load;
  const probes = recording.plan.streams.filter(isProbe);
  const stalls = clientStalls(sorted.samples.values(), Math.min(...probes.map(({ timeoutMs }) => timeoutMs)));
  const told = probes.map((stream) => {
    const { name, timeoutMs, ratePerSecond } = stream;
    const samples = sorted.samples.get(name) ?? [];
    const seen = seeService(samples, { timeoutMs, intervalUs: 1e6 / ratePerSecond, stalls });
    return { stream, samples, attributed: attributeEpisodes(seen, windows, timeoutMs) };
  });

  const felt = [...sorted.samples].flatMap(([stream, samples]) => (isDirect(stream) ? [] : [samples]));
  const operations = countOperations(felt, windows, 1e6 / writeProbe.ratePerSecond);
  const injections = windows.map((window, index) =>
    measureInjection({
      recording: sorted,
      events,
      safety,
      window,
      operations: operations[index] ?? noOperations,
      probes: told.map((probe) => probeStory(probe, window)),
    }),
  );
  const partOf = partsOfRun(sorted, windows);
  const outside = { steadyFromUs: steadyFrom(events), endOfLoadUs };
  const strayStories: StrayStory[] = told.map(({ stream: { name }, samples, attributed: { stray } }) => ({
    stream: name,
    samples,
    stray,
    ...outside,
  }));
  const stray = strayStories.flatMap(listStray);
  const containers = measureContainers(sorted, endOfLoadUs);
  const measured = {
    injections,
    stray,
    faults: summariseFaults(injections),
    latency: recording.plan.streams.flatMap((stream) =>
      isDirect(stream.name) ? [] : measureLatency(stream, sorted.samples.get(stream.name) ?? [], partOf),
    ),
    ledgers: safety.whole,
    scheduleLagMs: measureScheduleLag([write, read]),
    stretches: measureStretches(sorted, windows, endOfLoadUs),
    ...(containers.length === 0 ? {} : { containers }),
    stages: [],
    capacities: [],
    invariants: recording.invariants,
    primaries: safety.primaries,
    secondAcknowledgements: safety.secondAcknowledgements,
    checks: safety.checks,
  };
  return {
    ...measured,
    figures: [
      ...listFigures(
        measured,
        samplesBehind(sorted, windows, operations),
        safety.sinceLastInjection,
        ({ injection }) => {
          const window = windows.find((each) => each.injection === injection);
          return window === undefined ? null : circuitOf(window, events);
        },
      ),
      ...strayStories.map((story) => strayFigure(story, stray, windows)),
    ],
    gaps: listGaps(sorted, measured, { clientStalls: stalls, ofCheckers: safety.gaps }),
  };
}

interface ToldProbe {
  readonly stream: StreamDescription;
  readonly samples: Samples;
  readonly attributed: AttributedEpisodes;
}

function probeStory({ stream, samples, attributed }: ToldProbe, { injection }: InjectionWindow): ProbeStory {
  return {
    kind: stream.kind,
    group: groupOf(stream),
    samples,
    seen: attributed.byInjection.get(injection) ?? { unserved: [], notSeenServed: [] },
    alreadyUnserved: attributed.alreadyUnserved.has(injection),
  };
}

/** The PostgreSQL group that a probe probes. */
function groupOf({ group }: StreamDescription): string {
  return group ?? COORDINATORS;
}

/** Samples arrive in the order in which they were completed; everything here reads them in the order in which they were due. */
function inOrderEach(samples: Recording["samples"]): Recording["samples"] {
  return new Map([...samples].map(([stream, own]) => [stream, inOrder(own)]));
}

function steadyFrom(events: Recording["events"]): Micros | null {
  const steady = events.find((event) => event.kind === "phase" && event.phase === "steady");
  return steady?.atUs ?? null;
}

/** The last moment at which a probe was due; without probes, the last event. */
function endOfLoad(probes: readonly Samples[], { events }: Recording): number {
  const last = Math.max(...probes.map((samples) => samples.at(-1)?.intendedUs ?? 0));
  return last > 0 ? last : (events.at(-1)?.atUs ?? 0);
}

function samplesBehind(
  { samples, plan }: Recording,
  windows: readonly InjectionWindow[],
  operations: readonly OperationCounts[],
): (injection: InjectionMeasurement) => InjectionSamples {
  const counts = new Map(
    windows.map((window, index) => {
      const { injection, faultAtUs, windowEndUs } = window;
      const hit = groupsHit(window, plan);
      const due = plan.streams.map((stream) => ({
        stream,
        count: countDue(samples.get(stream.name) ?? [], faultAtUs, windowEndUs),
      }));
      const felt = due.filter(({ stream }) => !isDirect(stream.name));
      const sum = (counted: typeof due): number => counted.reduce((total, { count }) => total + count, 0);
      const ofProbes = (wanted: StreamDescription["kind"], isHit: boolean): number =>
        sum(
          due.filter(
            ({ stream }) =>
              isProbe(stream) && stream.kind === wanted && hit.includes(groupOf(stream)) === isHit,
          ),
        );
      const { neverSent } = operations[index] ?? noOperations;
      const behind: InjectionSamples = {
        write: ofProbes("write", true),
        read: ofProbes("read", true),
        elsewhere: { write: ofProbes("write", false), read: ofProbes("read", false) },
        all: sum(felt),
        neverSent,
      };
      return [injection, behind];
    }),
  );
  const none = { write: 0, read: 0 };
  return ({ injection }) => counts.get(injection) ?? { ...none, elsewhere: none, all: 0, neverSent: 0 };
}
