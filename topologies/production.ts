/*
 *   agent ─► haproxy :5432 rw / :5433 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (Patroni: primary + 2 replicas)
 *                                                                       │ distributed tables
 *                                                                       ▼
 *                                                 worker-1..4 (each a Patroni group of its own: a primary + b standby)
 *
 *            etcd-1..3 hold every group's leader key
 */
import { noGuard, pgAutoFailoverDefaults, type Topology } from "../harness/model/topology.ts";

/**
 * The documented system (AO, Systems: S1-S6), with the settings that its own promises need: every time-out as short
 * as its software takes it. A crashed process and a switchover are served again within 10 s; the loss of a whole node
 * cannot be, because Patroni's ttl is never below 20 s.
 */
export const production = {
  name: "production",
  summary:
    "The documented system, tuned for its promises: 3 coordinators, 4 worker groups with standbys, fdw sharding.",
  // A new cluster elects its first leader sooner than with etcd's own 100 and 1000; all members share one machine.
  etcd: { members: 3, heartbeatIntervalMs: 50, electionTimeoutMs: 500 },
  // A failover of the coordinators is to lose nothing (AO, Targets). With `on` every COMMIT would wait for one named
  // standby, and losing that standby would stop writes for as long as losing the primary; with `quorum` either of the
  // two may confirm, and losing one stops nothing. What a failover takes, and that it loses nothing, is the same.
  coordinators: { members: 3, synchronousMode: "quorum" },
  // A failover of a worker may lose up to 5 s (AO, Targets).
  // Two shards for each group, so that four groups can become eight.
  workers: {
    groups: 4,
    membersPerGroup: 2,
    shards: 8,
    synchronousMode: "off",
    spareGroups: 0,
    readFromStandbys: false,
  },
  patroni: {
    // Patroni's floors since 3.2.0: anything lower is raised to these.
    ttl: 20,
    loopWait: 1,
    retryTimeout: 3,
    // A crashed primary is replaced at once instead of being restarted in place for up to 300 s.
    primaryStartTimeout: 0,
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
    // A worker is reached from every session of the primary coordinator and of both replicas.
    maxConnections: 400,
    parameters: {
      // 5 s by default, and a standby that did not find its slot at once would wait as long.
      wal_retrieve_retry_interval: "100ms",
      wal_keep_size: "128MB",
      // Sessions of clients that vanished without a word are found in about 10 s, not in two hours.
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
      // A session whose client has left while it waits for a worker that is frozen would stay, one more for each try.
      client_connection_check_interval: "1s",
    },
  },
  pgbouncer: {
    enabled: true,
    port: 6432,
    poolMode: "transaction",
    poolSize: 100,
    maxClientConnections: 2000,
    // 15 s by default: after one failed login all new clients would get its error for that long. 0 spins.
    serverLoginRetry: 1,
    // A connect to a node that is gone without a word must not outlast the failover by much.
    serverConnectTimeout: 2,
    // No client should wait longer for a server than its failover may take.
    queryWaitTimeout: 10,
  },
  haproxy: {
    enabled: true,
    readWritePort: 5432,
    readOnlyPort: 5433,
    // Documented (AO, S1 and B9): every 2 s, three failures.
    interMs: 2000,
    // Once a check has differed, the next two come soon.
    fastinterMs: 250,
    // A new primary is a server that was down: this is how soon it is found.
    downinterMs: 500,
    fall: 3,
    rise: 1,
    // Otherwise clients of a server that is gone hang on to it.
    shutdownSessionsWhenDown: true,
    maxConnections: 4000,
  },
  sharding: "fdw",
  vectors: "pgvector",
  // One machine carries all: a limit on each would only measure the limit. AO gives workers 2 CPU and 4 GB.
  resources: { coordinator: { cpus: 0, memoryMb: 0 }, worker: { cpus: 0, memoryMb: 0 } },
} satisfies Topology;
