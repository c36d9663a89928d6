import type { Micros } from "../model/clock.ts";
import type { LoadPlan, ProbePlan } from "../model/load.ts";
import type { InjectionMeasurement, Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import type { StreamName } from "../model/sample.ts";
import { inOrder, type Samples } from "../model/samples.ts";
import { attributeEpisodes, type AttributedEpisodes } from "./attribute-episodes.ts";
import { circuitOf } from "./circuit.ts";
import { clientStalls } from "./client-stalls.ts";
import { countDue } from "./count-due.ts";
import { countOperations, noOperations, type OperationCounts } from "./count-operations.ts";
import { type InjectionWindow, listInjections } from "./list-injections.ts";
import { listFigures, type InjectionSamples } from "./list-figures.ts";
import { listGaps } from "./list-gaps.ts";
import { measureInjection, type ProbeStory } from "./measure-injection.ts";
import { measureLatency } from "./measure-latency.ts";
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
  const { writeProbe, readProbe } = load;
  const stalls = clientStalls(sorted.samples.values(), Math.min(writeProbe.timeoutMs, readProbe.timeoutMs));
  const attributed = (samples: Samples, { timeoutMs, ratePerSecond }: ProbePlan) =>
    attributeEpisodes(
      seeService(samples, { timeoutMs, intervalUs: 1e6 / ratePerSecond, stalls }),
      windows,
      timeoutMs,
    );
  const writes = attributed(write, writeProbe);
  const reads = attributed(read, readProbe);

  const operations = countOperations(sorted.samples.values(), windows, 1e6 / writeProbe.ratePerSecond);
  const injections = windows.map((window, index) =>
    measureInjection({
      recording: sorted,
      events,
      safety,
      window,
      operations: operations[index] ?? noOperations,
      write: probeStory(write, writes, window),
      read: probeStory(read, reads, window),
    }),
  );
  const partOf = partsOfRun(sorted, windows);
  const outside = { steadyFromUs: steadyFrom(events), endOfLoadUs };
  const strayStories: StrayStory[] = [
    { stream: "write-probe", samples: write, stray: writes.stray, ...outside },
    { stream: "read-probe", samples: read, stray: reads.stray, ...outside },
  ];
  const stray = strayStories.flatMap(listStray);
  const measured = {
    injections,
    stray,
    faults: summariseFaults(injections),
    latency: recording.plan.streams.flatMap((stream) =>
      measureLatency(stream, sorted.samples.get(stream.name) ?? [], partOf),
    ),
    ledgers: safety.whole,
    scheduleLagMs: measureScheduleLag([write, read]),
    stretches: measureStretches(sorted, windows, endOfLoadUs),
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

function probeStory(
  samples: Samples,
  { byInjection, alreadyUnserved }: AttributedEpisodes,
  { injection }: InjectionWindow,
): ProbeStory {
  return {
    samples,
    seen: byInjection.get(injection) ?? { unserved: [], notSeenServed: [] },
    alreadyUnserved: alreadyUnserved.has(injection),
  };
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
  { samples }: Recording,
  windows: readonly InjectionWindow[],
  operations: readonly OperationCounts[],
): (injection: InjectionMeasurement) => InjectionSamples {
  const counts = new Map(
    windows.map(({ injection, faultAtUs, windowEndUs }, index) => {
      const due = [...samples].map(
        ([stream, own]) => [stream, countDue(own, faultAtUs, windowEndUs)] as const,
      );
      const of = (wanted: StreamName): number => due.find(([stream]) => stream === wanted)?.[1] ?? 0;
      const all = due.reduce((sum, [, count]) => sum + count, 0);
      const { neverSent } = operations[index] ?? noOperations;
      return [injection, { write: of("write-probe"), read: of("read-probe"), all, neverSent }];
    }),
  );
  return ({ injection }) => counts.get(injection) ?? { write: 0, read: 0, all: 0, neverSent: 0 };
}
