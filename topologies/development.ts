/*
 *   agent ─► coordinator-1 :5432      one PostgreSQL, nothing around it
 */
import { noGuard, pgAutoFailoverDefaults, type Topology } from "../harness/model/topology.ts";

/** The documented development topology (AO, Development topology: S11): one node of 2 CPU and 4 GB. */
export const development = {
  name: "development",
  summary: "One PostgreSQL and nothing around it: the smallest thing that load can be put on.",
  etcd: { members: 0, heartbeatIntervalMs: 100, electionTimeoutMs: 1000 },
  coordinators: { members: 1, synchronousMode: "off" },
  workers: {
    groups: 0,
    membersPerGroup: 1,
    shards: 1,
    synchronousMode: "off",
    spareGroups: 0,
    readFromStandbys: false,
  },
  // Not used: without etcd there is no Patroni. Patroni's own defaults, so that an override starts from them.
  patroni: {
    ttl: 30,
    loopWait: 10,
    retryTimeout: 10,
    primaryStartTimeout: 300,
    maximumLagOnFailover: 1_048_576,
    failsafeMode: false,
    usePgRewind: true,
    useSlots: true,
    restPort: 8008,
  },
  // Nor is this.
  pgAutoFailover: pgAutoFailoverDefaults,
  guard: noGuard,
  // Every client connects to PostgreSQL itself: room for each probe's burst of 100 connections, and the background.
  postgres: { port: 5432, database: "bench", maxConnections: 400, parameters: {} },
  pgbouncer: {
    enabled: false,
    port: 6432,
    poolMode: "transaction",
    poolSize: 100,
    maxClientConnections: 1000,
    serverLoginRetry: 1,
    serverConnectTimeout: 3,
    queryWaitTimeout: 10,
  },
  haproxy: {
    enabled: false,
    readWritePort: 5432,
    readOnlyPort: 5433,
    interMs: 2000,
    fastinterMs: 2000,
    downinterMs: 2000,
    fall: 3,
    rise: 2,
    shutdownSessionsWhenDown: true,
    maxConnections: 2000,
  },
  sharding: "none",
  vectors: "pgvector",
  resources: { coordinator: { cpus: 2, memoryMb: 4096 }, worker: { cpus: 0, memoryMb: 0 } },
} satisfies Topology;
