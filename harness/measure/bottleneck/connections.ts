import type { Bottleneck } from "../../model/measurement.ts";
import { mostOf } from "../../stats/extremes.ts";
import { mean, type GroupedReadings } from "./group-readings.ts";
import { counted, formatNumber, formatUtilisation, formatValue } from "../../model/format-value.ts";

/** A pool is the limit when clients waited at it, all of it in use, in at least this share of the looks. */
const FULL_LOOKS = 0.5;
/** A pool of 100 that hands a connection on is seen with 99 in use now and then. */
const ALL_IN_USE = 0.98;
/** PostgreSQL keeps a few connections for superusers (3 by default), so clients never see the last ones. */
const FULL_MAX_CONNECTIONS = 0.95;

/** Server connections of a pooler. Fullness is what was wanted of what there is: beyond 1 where clients waited. */
export function fullPools({ poolers }: GroupedReadings): readonly Bottleneck[] {
  return [...poolers].flatMap(([pgbouncer, readings]) => {
    const full = readings.filter(
      (reading) => reading.clientsWaiting > 0 && reading.serversActive >= ALL_IN_USE * reading.poolSize,
    );
    if (full.length < FULL_LOOKS * readings.length) return [];
    const active = mean(readings, (reading) => reading.serversActive);
    const waiting = mean(readings, (reading) => reading.clientsWaiting);
    const size = mean(readings, (reading) => reading.poolSize);
    const longestMs = mostOf(readings, (reading) => reading.longestWaitMs);
    return [
      {
        resource: `connections of ${pgbouncer}`,
        utilisation: (active + waiting) / size,
        evidence:
          `${formatNumber(active)} of ${formatNumber(size)} server connections in use and ${counted(waiting, "client")} waiting for one ` +
          `on average, the longest for ${formatValue(longestMs, "ms")}`,
      },
    ];
  });
}

/** Connections to a PostgreSQL member against its max_connections. */
export function fullMaxConnections({ members }: GroupedReadings): readonly Bottleneck[] {
  return [...members].flatMap(([member, readings]) => {
    const connections = mean(readings, (reading) => reading.connections);
    const most = mean(readings, (reading) => reading.maxConnections);
    const utilisation = most === 0 ? 0 : connections / most;
    if (utilisation < FULL_MAX_CONNECTIONS) return [];
    const evidence = `${formatNumber(connections)} of max_connections ${formatNumber(most)} in use on average (${formatUtilisation(utilisation)})`;
    return [{ resource: `max_connections of ${member}`, utilisation, evidence }];
  });
}
