import type { Bottleneck } from "../../model/measurement.ts";
import type { PostgresReading } from "../../model/resource.ts";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { mostOf } from "../../stats/extremes.ts";
import { mean, type GroupedReadings } from "./group-readings.ts";
import { formatNumber, formatUtilisation } from "../../model/format-value.ts";

/** More than half of the time that statements run goes there: nothing else could gain as much. */
const FULL_WAIT = 0.5;
/** Less than one backend waiting on average means that mostly nobody does: there is no queue. */
const LEAST_WAITING = 1;
/** With fewer statements running than half of the connections asked for, the load had room left: it was not held up. */
const LEAST_RUNNING = 0.5;
/** How many wait events the evidence names. */
const NAMED = 3;

/** What wait events (`type:event`, spelt as in PostgreSQL 13 to 17) say is being waited for; the first that matches counts. */
const causes: readonly (readonly [RegExp, (member: string) => string])[] = [
  [/^Lock:/, (member) => `locks of ${member}`],
  [/^IPC:SyncRep/i, (member) => `commits of ${member} (synchronous standby)`],
  [/^(LWLock|IO):WAL/i, (member) => `WAL of ${member}`],
  [/^IO:/, (member) => `disk of ${member}`],
  [/^(LWLock|BufferPin):/, (member) => `internal locks of ${member}`],
  [/^Extension:PostgresFdw/i, (member) => `workers that ${member} waits for`],
];

/** What the members' client backends waited for, where as much was running as the load had connections for. */
export function fullWaits(
  { members, poolers }: GroupedReadings,
  { shape, connections }: BottleneckContext,
): readonly Bottleneck[] {
  const asked = shape.kind === "closed" ? shape.clients : connections;
  const pools = [...poolers.values()].flat().map((reading) => reading.poolSize);
  const wanted = Math.min(asked, ...(pools.length === 0 ? [Infinity] : [mostOf(pools, (size) => size)]));
  const running = [...members.values()].reduce((sum, readings) => sum + mean(readings, runningIn), 0);
  if (running < LEAST_RUNNING * wanted) return [];
  return [...members].flatMap(([member, readings]) => waitsOf(member, readings));
}

function waitsOf(member: string, readings: readonly PostgresReading[]): Bottleneck[] {
  const running = mean(readings, runningIn);
  const events = [...new Set(readings.flatMap((reading) => Object.keys(reading.activeByWait)))];
  const byCause = new Map<string, { event: string; waiting: number }[]>();
  for (const event of events) {
    const cause = causes.find(([pattern]) => pattern.test(event))?.[1](member);
    if (cause === undefined) continue;
    const waiting = mean(readings, (reading) => reading.activeByWait[event] ?? 0);
    byCause.set(cause, [...(byCause.get(cause) ?? []), { event, waiting }]);
  }
  return [...byCause].flatMap(([resource, waits]) => {
    const waiting = waits.reduce((sum, wait) => sum + wait.waiting, 0);
    const utilisation = waiting / running;
    if (waiting < LEAST_WAITING || utilisation < FULL_WAIT) return [];
    const named = waits
      .toSorted((one, other) => other.waiting - one.waiting)
      .slice(0, NAMED)
      .map((wait) => `${wait.event} ${formatNumber(wait.waiting)}`);
    return [
      {
        resource,
        utilisation,
        evidence: `${formatNumber(waiting)} of ${formatNumber(running)} running statements waited on average (${formatUtilisation(utilisation)}): ${named.join(", ")}`,
      },
    ];
  });
}

function runningIn(reading: PostgresReading): number {
  return Object.values(reading.activeByWait).reduce((sum, count) => sum + count, 0);
}
