import type { Bottleneck } from "../../model/measurement.ts";
import type { ResourceReading } from "../../model/resource.ts";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { fullClient, fullContainers, fullMachine, fullPoolerThreads } from "./cpu.ts";
import { fullMaxConnections, fullPools } from "./connections.ts";
import { fullDisk, fullMemory, hurriedCheckpoints } from "./disk-and-memory.ts";
import { groupReadings, type GroupedReadings } from "./group-readings.ts";
import { fullWaits } from "./waits.ts";

type Rule = (readings: GroupedReadings, context: BottleneckContext) => readonly Bottleneck[];

const rules: readonly Rule[] = [
  fullMachine,
  fullClient,
  fullContainers,
  fullPoolerThreads,
  fullPools,
  fullMaxConnections,
  fullDisk,
  fullMemory,
  hurriedCheckpoints,
  fullWaits,
];

/**
 * The resources that were full, fullest first, from the readings of a stage's steady phase; none: empty. null when
 * there are no readings. A machine's or container's fullness is its mean over the phase: a short peak fills nothing.
 */
export function findBottlenecks(
  readings: readonly ResourceReading[],
  context: BottleneckContext,
): readonly Bottleneck[] | null {
  if (readings.length === 0) return null;
  const grouped = groupReadings(readings);
  return rules
    .flatMap((rule) => rule(grouped, context))
    .map((found) => ({ ...found, utilisation: Math.round(found.utilisation * 1000) / 1000 }))
    .toSorted((one, other) => other.utilisation - one.utilisation);
}
