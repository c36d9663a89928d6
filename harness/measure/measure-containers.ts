import type { Micros } from "../model/clock.ts";
import type { RoleUse } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { sum } from "../stats/sum.ts";
import { roleOf } from "./measure-start-up.ts";
import { steadyPhaseOf } from "./measure-stretches.ts";

/**
 * What each role's containers used while the load was on and nothing was done to the cluster: the mean of about one reading a second
 * of each. Empty where there are none.
 */
export function measureContainers(
  { plan, events, resources }: Pick<Recording, "plan" | "events" | "resources">,
  endOfLoadUs: Micros,
): readonly RoleUse[] {
  const steady = steadyPhaseOf(events, endOfLoadUs);
  if (steady === null) return [];
  const readings = new Map<string, { cores: number[]; memoryMb: number[] }>();
  for (const reading of resources) {
    // A reading speaks of the second before it.
    if (reading.kind !== "container" || reading.atUs <= steady.fromUs || reading.atUs > steady.toUs) continue;
    const own = readings.get(reading.node) ?? { cores: [], memoryMb: [] };
    own.cores.push(reading.cpuCores);
    own.memoryMb.push(reading.memoryMb);
    readings.set(reading.node, own);
  }
  const roles = new Map<string, { cores: number; memoryMb: number }[]>();
  for (const [node, { cores, memoryMb }] of readings) {
    const role = roleOf(node, plan.topology);
    const used = { cores: sum(cores) / cores.length, memoryMb: sum(memoryMb) / memoryMb.length };
    roles.set(role, [...(roles.get(role) ?? []), used]);
  }
  return [...roles].map(([role, used]) => {
    const cores = used.map((each) => each.cores);
    const memoryMb = used.map((each) => each.memoryMb);
    return {
      role,
      containers: used.length,
      cpuCores: sum(cores),
      mostCores: Math.max(...cores),
      memoryMb: sum(memoryMb),
      mostMb: Math.max(...memoryMb),
    };
  });
}
