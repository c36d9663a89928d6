import type { Bottleneck } from "../../model/measurement.ts";
import type { ResourceReading } from "../../model/resource.ts";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { fullClient, fullContainers, fullMachine, fullPoolerThreads } from "./cpu.ts";
import { fullMaxConnections, fullPools } from "./connections.ts";
import { fullDisk, fullMemory, hurriedCheckpoints } from "./disk-and-memory.ts";
import { groupReadings, type GroupedReadings } from "./group-readings.ts";
import { fullWaits } from "./waits.ts";

/** What is full whatever was asked of the cluster. */
const rules: readonly ((readings: GroupedReadings) => readonly Bottleneck[])[] = [
  fullMachine,
  fullContainers,
  fullPoolerThreads,
  fullPools,
  fullMaxConnections,
  fullDisk,
  fullMemory,
  hurriedCheckpoints,
];
/** What one can only say of a load of known shape. */
const rulesOfLoad: readonly ((
  readings: GroupedReadings,
  context: BottleneckContext,
) => readonly Bottleneck[])[] = [fullClient, fullWaits];

/**
 * The resources that were full, fullest first, from the readings of a stretch of time, such as a stage's steady phase;
 * none: empty. null when there are no readings. A machine's or container's fullness is its mean over the stretch: a short
 * peak fills nothing. `context` is null where no stage was sent.
 */
export function findBottlenecks(
  readings: readonly ResourceReading[],
  context: BottleneckContext | null,
): readonly Bottleneck[] | null {
  if (readings.length === 0) return null;
  const grouped = groupReadings(readings);
  return [
    ...rules.flatMap((rule) => rule(grouped)),
    ...(context === null ? [] : rulesOfLoad.flatMap((rule) => rule(grouped, context))),
  ]
    .map((found) => ({ ...found, utilisation: Math.round(found.utilisation * 1000) / 1000 }))
    .toSorted((one, other) => other.utilisation - one.utilisation);
}
