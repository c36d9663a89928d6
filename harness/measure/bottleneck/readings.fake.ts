import type {
  ContainerReading,
  MachineReading,
  PoolerReading,
  PostgresReading,
  ResourceReading,
} from "../../model/resource.ts";

/** The same reading each second for ten seconds. Where nothing is said, nothing is in use. */
export function tenSeconds(
  ...readings: readonly (ContainerReading | MachineReading | PoolerReading | PostgresReading)[]
): readonly ResourceReading[] {
  return Array.from({ length: 10 }, (_, second) =>
    readings.map((reading) => ({ ...reading, atUs: second * 1_000_000 })),
  ).flat();
}

export function container(node: string, used: Partial<ContainerReading> = {}): ContainerReading {
  return {
    kind: "container",
    node,
    cpuCores: 0,
    cpuLimit: 0,
    throttledShare: 0,
    memoryMb: 0,
    memoryLimitMb: 0,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 0,
    networkReceivedBytesPerSecond: 0,
    networkSentBytesPerSecond: 0,
    ...used,
  };
}

export function machine(used: Partial<MachineReading> = {}): MachineReading {
  return { kind: "machine", cores: 4, busyCores: 0, ioWaitCores: 0, stolenCores: 0, ...used };
}

export function pooler(pgbouncer: string, used: Partial<PoolerReading> = {}): PoolerReading {
  return {
    kind: "pooler",
    pgbouncer,
    clientsActive: 0,
    clientsWaiting: 0,
    serversActive: 0,
    serversIdle: 0,
    poolSize: 100,
    longestWaitMs: 0,
    meanWaitMs: 0,
    ...used,
  };
}

export function postgres(member: string, used: Partial<PostgresReading> = {}): PostgresReading {
  return {
    kind: "postgres",
    member,
    primary: true,
    connections: 0,
    maxConnections: 400,
    activeByWait: {},
    walBytesPerSecond: 0,
    checkpoints: 0,
    ...used,
  };
}
