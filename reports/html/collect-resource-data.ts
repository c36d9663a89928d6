import type { Recording } from "../../harness/model/recording.ts";
import type { ResourceReading } from "../../harness/model/resource.ts";
import type { ResourceData, TimeLine } from "./benchmark-data.ts";
import { collectCheckpoints } from "./collect-checkpoints.ts";

/** CPU of the busiest containers, queues at the poolers and WAL of the primaries against time. */
export function collectResourceData({ resources }: Recording, widthUs: number): ResourceData {
  const lines = (pick: (reading: ResourceReading) => Point | null): TimeLine[] => {
    const points = resources.flatMap((reading) => pick(reading) ?? []);
    return timeLines(points, widthUs);
  };
  const machine = resources.find((reading) => reading.kind === "machine");
  const cpu = lines((one) =>
    one.kind === "container" ? { name: one.node, atUs: one.atUs, value: one.cpuCores } : null,
  );
  return {
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
    checkpoints: collectCheckpoints(resources),
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
