/*
 *   agent ─► haproxy :8008 rw / :8009 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (Patroni: primary + 2 replicas)
 *                                                                       │ distributed tables
 *                                                                       ▼
 *                                                 worker-1a .. worker-4a (each alone: nothing to fail over to)
 *
 *            etcd-1..3 hold every group's leader key
 */
import { noGuard, pgAutoFailoverDefaults, type Topology } from "../harness/model/topology.ts";

/** The documented system with its literal settings (AO), and its software's defaults where it names none. */
export const productionAsDocumented = {
  name: "production-as-documented",
  summary:
    "The documented system with the literal documented settings, to be measured against its own promises.",
  // etcd's defaults.
  etcd: { members: 3, heartbeatIntervalMs: 100, electionTimeoutMs: 1000 },
  // The shipped settings have no synchronous mode, though the requirements want no loss.
  coordinators: { members: 3, synchronousMode: "off" },
  // The shipped stack has single workers.
  // As many shards as Citus makes when it is not told (citus.shard_count).
  workers: {
    groups: 4,
    membersPerGroup: 1,
    shards: 32,
    synchronousMode: "off",
    spareGroups: 0,
    readFromStandbys: false,
  },
  patroni: {
    // The shipped settings.
    ttl: 30,
    loopWait: 10,
    retryTimeout: 10,
    // Patroni's default: a crashed primary is restarted in place for up to this long.
    primaryStartTimeout: 300,
    maximumLagOnFailover: 1_048_576,
    failsafeMode: false,
    usePgRewind: true,
    useSlots: true,
    restPort: 8008,
  },
  // Not used: Patroni is in charge.
  pgAutoFailover: pgAutoFailoverDefaults,
  guard: noGuard,
  postgres: {
    port: 5432,
    database: "bench",
    // Room for the pool's 100 beside Patroni, replication and what watches; the document names no figure.
    maxConnections: 200,
    parameters: {},
  },
  pgbouncer: {
    enabled: true,
    port: 6432,
    // AO, S2: session pooling, at most 100 server connections each, 1,000 clients.
    poolMode: "session",
    poolSize: 100,
    maxClientConnections: 1000,
    // PgBouncer's defaults.
    serverLoginRetry: 15,
    serverConnectTimeout: 15,
    queryWaitTimeout: 120,
  },
  haproxy: {
    enabled: true,
    // AO, S1: clients enter by 8008, which is the number of Patroni's REST port as well.
    readWritePort: 8008,
    // The document routes reads apart but gives them no port: the next one.
    readOnlyPort: 8009,
    // AO, S1 and B9: every 2 s, three failures; rise is HAProxy's default, as are equal intervals in all states.
    interMs: 2000,
    fastinterMs: 2000,
    downinterMs: 2000,
    fall: 3,
    rise: 2,
    // HAProxy's default is to leave the sessions of a server that is down alone.
    shutdownSessionsWhenDown: false,
    maxConnections: 2000,
  },
  sharding: "fdw",
  vectors: "pgvector",
  resources: { coordinator: { cpus: 0, memoryMb: 0 }, worker: { cpus: 0, memoryMb: 0 } },
} satisfies Topology;
