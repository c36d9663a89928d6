import type { Micros } from "../../model/clock.ts";
import type {
  ContainerReading,
  MachineReading,
  PoolerReading,
  PostgresReading,
  ResourceReading,
} from "../../model/resource.ts";

/** The readings of one stretch of time, by what they tell of. No list is empty, but `machine` may be. */
export interface GroupedReadings {
  /** From the first to the last reading, seconds. */
  readonly seconds: number;
  readonly machine: readonly MachineReading[];
  readonly containers: ReadonlyMap<string, readonly ContainerReading[]>;
  readonly poolers: ReadonlyMap<string, readonly PoolerReading[]>;
  readonly members: ReadonlyMap<string, readonly PostgresReading[]>;
}

export function groupReadings(readings: readonly ResourceReading[]): GroupedReadings {
  const machine: MachineReading[] = [];
  const containers = new Map<string, ContainerReading[]>();
  const poolers = new Map<string, PoolerReading[]>();
  const members = new Map<string, PostgresReading[]>();
  let from: Micros = Infinity;
  let to: Micros = -Infinity;
  for (const reading of readings) {
    from = Math.min(from, reading.atUs);
    to = Math.max(to, reading.atUs);
    switch (reading.kind) {
      case "machine":
        machine.push(reading);
        break;
      case "container":
        add(containers, reading.node, reading);
        break;
      case "pooler":
        add(poolers, reading.pgbouncer, reading);
        break;
      case "postgres":
        add(members, reading.member, reading);
        break;
      case "citus":
        // What waits for a lock is among the waits of the member where it waits.
        break;
    }
  }
  return { seconds: Math.max(0, to - from) / 1e6, machine, containers, poolers, members };
}

/** The mean of something over readings; 0 of none. */
export function mean<T>(readings: readonly T[], of: (reading: T) => number): number {
  return readings.reduce((sum, reading) => sum + of(reading), 0) / Math.max(1, readings.length);
}

function add<T>(groups: Map<string, T[]>, name: string, reading: T): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [reading]);
  else group.push(reading);
}
