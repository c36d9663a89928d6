import type { ClusterEvent, InjectionMoment } from "../../../harness/model/event.ts";
import type { InjectionMeasurement } from "../../../harness/model/measurement.ts";
import { isOnTimeline, resourceLines, type ResourceLines } from "../resources/data.ts";
import { type Checkpoint, checkpointsOf, type StageBand, stageBands } from "../stage-bands.ts";
import { type StreamData, streamOfSamples, streamOfStages } from "./streams.ts";
import { describeEvent } from "../../html/describe-event.ts";
import { type Run, runLengthUs } from "../../run.ts";

/** All that happened, on one axis; seconds since the recording began. */
export interface TimelineData {
  readonly lengthSeconds: number;
  /** One is shown at a time. */
  readonly streams: readonly StreamData[];
  readonly stages: readonly StageBand[];
  readonly injections: readonly InjectionBand[];
  /** What the observers saw, by lanes; null: there were stages alone. */
  readonly observed: { readonly lanes: readonly Lane[]; readonly marks: readonly Mark[] } | null;
  readonly checkpoints: readonly Checkpoint[];
  /** null: none, or drawn by themselves. */
  readonly resources: ResourceLines | null;
}

export interface InjectionBand {
  readonly injection: number;
  readonly from: number;
  /** Service lasted again: at once where nothing was seen to go unserved; null when it never did. */
  readonly served: number | null;
  /** Full redundancy again, or the end of what was watched. */
  readonly to: number;
}

/** One observed event. */
export interface Mark {
  readonly lane: Lane;
  readonly at: number;
  readonly tone: "good" | "bad" | "neutral";
  readonly text: string;
}

const LANES = ["fault", "leader key", "PostgreSQL", "HAProxy read_write", "HAProxy read_only"] as const;
type Lane = (typeof LANES)[number];

/** null: no operation was recorded. */
export function collectTimeline({ recording, measurements }: Run): TimelineData | null {
  const { stages, resources, events } = recording;
  const lengthUs = runLengthUs(recording);
  const ofSamples = [...recording.samples]
    .filter(([, samples]) => samples.length > 0)
    .map(([name, samples]) => streamOfSamples(name, samples, lengthUs));
  const streams = [...(stages.length === 0 ? [] : [streamOfStages(stages, lengthUs)]), ...ofSamples];
  if (streams.length === 0) return null;
  return {
    lengthSeconds: lengthUs / SECOND,
    streams,
    stages: stageBands(stages),
    injections: measurements.injections.map(injectionBand),
    observed: ofSamples.length === 0 ? null : { lanes: LANES, marks: marksOf(events) },
    checkpoints: checkpointsOf(resources),
    resources: isOnTimeline(recording) ? resourceLines(recording) : null,
  };
}

function injectionBand(one: InjectionMeasurement): InjectionBand {
  const lastedUs = one.hops.find(({ hop }) => hop === "first-success")?.atUs ?? null;
  const servedUs = one.writeEpisodes.length === 0 ? one.faultAtUs : lastedUs;
  const from = one.faultAtUs / SECOND;
  const redundancy = one.timeToFullRedundancySeconds;
  return {
    injection: one.injection,
    from,
    served: servedUs === null ? null : servedUs / SECOND,
    to: redundancy.kind === "value" ? from + redundancy.value : one.windowEndUs / SECOND,
  };
}

/** The observed events that belong under the time line: leader keys, promotions and losses, proxy ups and downs, faults. */
function marksOf(events: readonly ClusterEvent[]): Mark[] {
  const marks: Mark[] = [];
  const before = new Map<string, string>();
  for (const event of events) {
    const place = placeOf(event);
    if (place === null) continue;
    if (event.kind === "postgres-state") {
      const state = `${event.reachable} ${event.inRecovery}`;
      if (before.get(event.member) === state) continue;
      before.set(event.member, state);
    }
    marks.push({ ...place, at: event.atUs / 1_000_000, text: describeEvent(event) });
  }
  return marks;
}

function placeOf(event: ClusterEvent): Pick<Mark, "lane" | "tone"> | null {
  if (event.kind === "leader-key-set") return { lane: "leader key", tone: "good" };
  if (event.kind === "leader-key-gone") return { lane: "leader key", tone: "bad" };
  if (event.kind === "postgres-state") {
    if (!event.reachable) return { lane: "PostgreSQL", tone: "bad" };
    return { lane: "PostgreSQL", tone: event.inRecovery === false ? "good" : "neutral" };
  }
  if (event.kind === "proxy-server") {
    const lane = event.backend === "read_only" ? "HAProxy read_only" : "HAProxy read_write";
    return { lane, tone: event.up ? "good" : "bad" };
  }
  if (event.kind === "shards-moved") return { lane: "fault", tone: "neutral" };
  if (event.kind !== "injection") return null;
  const tone = injectionTones[event.moment];
  return tone === undefined ? null : { lane: "fault", tone };
}

const injectionTones: Partial<Record<InjectionMoment, Mark["tone"]>> = {
  injected: "bad",
  failed: "bad",
  recovered: "neutral",
  healed: "good",
};

const SECOND = 1_000_000;
