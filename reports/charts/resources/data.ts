import type { Recording } from "../../../harness/model/recording.ts";
import type { ResourceReading } from "../../../harness/model/resource.ts";
import { type Checkpoint, checkpointsOf, pointWidthUs, type StageBand, stageBands } from "../stage-bands.ts";
import { type Run, runLengthUs } from "../../run.ts";

/** What was used, on an axis of its own with the stages. */
export interface ResourceData extends ResourceLines {
  readonly lengthSeconds: number;
  readonly stages: readonly StageBand[];
}

export interface ResourceLines {
  /** How far apart a line's points are. */
  readonly widthSeconds: number;
  /** Cores of the machine; null: not known. */
  readonly cores: number | null;
  readonly cpu: readonly TimeLine[];
  readonly waitingClients: readonly TimeLine[];
  /** Bytes per second. */
  readonly wal: readonly TimeLine[];
  readonly checkpoints: readonly Checkpoint[];
}

export interface TimeLine {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** null: nothing was watched, or the time line has it, beside the faults. */
export function collectResources({ recording }: Run): ResourceData | null {
  const { stages, resources } = recording;
  if (stages.length === 0 || resources.length === 0 || isOnTimeline(recording)) return null;
  return {
    ...resourceLines(recording),
    lengthSeconds: runLengthUs(recording) / 1_000_000,
    stages: stageBands(stages),
  };
}

/** Where operations were recorded one by one, one axis has them, the stages, the faults, and the resources too. */
export function isOnTimeline({ samples, resources }: Recording): boolean {
  return resources.length > 0 && [...samples.values()].some(({ length }) => length > 0);
}

/** CPU of the busiest containers, queues at the poolers and WAL of the primaries against time. */
export function resourceLines(recording: Recording): ResourceLines {
  const { resources } = recording;
  const widthUs = pointWidthUs(runLengthUs(recording));
  const lines = (pick: (reading: ResourceReading) => Point | null): TimeLine[] => {
    const points = resources.flatMap((reading) => pick(reading) ?? []);
    return timeLines(points, widthUs);
  };
  const machine = resources.find((reading) => reading.kind === "machine");
  const cpu = lines((one) =>
    one.kind === "container" ? { name: one.node, atUs: one.atUs, value: one.cpuCores } : null,
  );
  return {
    widthSeconds: widthUs / 1_000_000,
    cores: machine?.cores ?? null,
    cpu: [
      ...lines((one) =>
        one.kind === "machine" ? { name: "whole machine", atUs: one.atUs, value: one.busyCores } : null,
      ),
      ...cpu.toSorted((a, b) => meanOf(b) - meanOf(a)).slice(0, MOST_CONTAINERS),
    ],
    waitingClients: lines((one) =>
      one.kind === "pooler" ? { name: one.pgbouncer, atUs: one.atUs, value: one.clientsWaiting } : null,
    ),
    wal: lines((one) =>
      one.kind === "postgres" && one.primary
        ? { name: one.member, atUs: one.atUs, value: one.walBytesPerSecond }
        : null,
    ),
    checkpoints: checkpointsOf(resources),
  };
}

interface Point {
  readonly name: string;
  readonly atUs: number;
  readonly value: number;
}

/** Means of equal stretches of time, by name. */
function timeLines(points: readonly Point[], widthUs: number): TimeLine[] {
  const names = new Map<string, Map<number, { sum: number; n: number }>>();
  for (const { name, atUs, value } of points) {
    const buckets = names.get(name) ?? new Map<number, { sum: number; n: number }>();
    names.set(name, buckets);
    const at = Math.round(atUs / widthUs) * widthUs;
    const bucket = buckets.get(at) ?? { sum: 0, n: 0 };
    buckets.set(at, { sum: bucket.sum + value, n: bucket.n + 1 });
  }
  return [...names].map(([name, buckets]) => ({
    name,
    points: [...buckets].map(
      ([at, { sum, n }]) => [at / 1_000_000, Math.round((sum / n) * 1000) / 1000] as const,
    ),
  }));
}

function meanOf({ points }: TimeLine): number {
  return points.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, points.length);
}

/** More lines than this cannot be told apart; the table has the others. */
const MOST_CONTAINERS = 8;
