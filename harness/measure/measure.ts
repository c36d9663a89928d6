import type { InjectionMeasurement, Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/safety.ts";
import type { Sample, StreamName } from "../model/sample.ts";
import { attributeEpisodes } from "./attribute-episodes.ts";
import { findEpisodes } from "./find-episodes.ts";
import { type InjectionWindow, listInjections } from "./list-injections.ts";
import { listFigures, type InjectionSamples } from "./list-figures.ts";
import { listGaps } from "./list-gaps.ts";
import { measureInjection, samplesIn } from "./measure-injection.ts";
import { measureLatency } from "./measure-latency.ts";
import { measureScheduleLag } from "./measure-schedule-lag.ts";
import { partsOfRun } from "./parts-of-run.ts";
import { summariseFaults } from "./summarise-faults.ts";

/** Everything that follows from a recording. Pure: the same recording gives the same measurements, anywhere. */
export function measure(recording: Recording, safety: SafetyChecks): Measurements {
  const events = [...recording.events].sort((a, b) => a.atUs - b.atUs);
  const sorted: Recording = { ...recording, events };
  const write = byIntendedStart(recording, "write-probe");
  const read = byIntendedStart(recording, "read-probe");
  const windows = listInjections(sorted, endOfLoad([write, read], sorted));
  const { writeProbe, readProbe } = recording.plan.load;
  const writes = attributeEpisodes(findEpisodes(write, writeProbe.timeoutMs), windows, writeProbe.timeoutMs);
  const reads = attributeEpisodes(findEpisodes(read, readProbe.timeoutMs), windows, readProbe.timeoutMs);

  const injections = windows.map((window) =>
    measureInjection({
      recording: sorted,
      events,
      safety,
      window,
      write: { samples: write, episodes: writes.byInjection.get(window.injection) ?? [] },
      read: { samples: read, episodes: reads.byInjection.get(window.injection) ?? [] },
    }),
  );
  const partOf = partsOfRun(sorted, windows);
  const measured = {
    injections,
    faults: summariseFaults(injections),
    latency: recording.plan.streams.flatMap(({ name }) =>
      measureLatency(name, recording.samples.get(name) ?? [], partOf),
    ),
    ledgers: safety.whole,
    scheduleLagMs: measureScheduleLag([write, read]),
  };
  return {
    ...measured,
    figures: listFigures(measured, samplesBehind(recording, windows, write, read)),
    gaps: listGaps(sorted, measured, [...writes.stray, ...reads.stray]),
  };
}

/** Samples arrive in the order in which they were completed; episodes are read in the order in which they were due. */
function byIntendedStart({ samples }: Recording, stream: StreamName): Sample[] {
  return [...(samples.get(stream) ?? [])].sort((a, b) => a.intendedUs - b.intendedUs);
}

/** The last moment at which a probe was due; without probes, the last event. */
function endOfLoad(probes: readonly (readonly Sample[])[], { events }: Recording): number {
  const last = Math.max(...probes.map((samples) => samples.at(-1)?.intendedUs ?? 0));
  return last > 0 ? last : (events.at(-1)?.atUs ?? 0);
}

function samplesBehind(
  recording: Recording,
  windows: readonly InjectionWindow[],
  write: readonly Sample[],
  read: readonly Sample[],
): (injection: InjectionMeasurement) => InjectionSamples {
  const counts = new Map<number, InjectionSamples>();
  for (const window of windows) {
    let all = 0;
    for (const samples of recording.samples.values()) all += samplesIn(samples, window);
    counts.set(window.injection, { write: samplesIn(write, window), read: samplesIn(read, window), all });
  }
  return ({ injection }) => counts.get(injection) ?? { write: 0, read: 0, all: 0 };
}
