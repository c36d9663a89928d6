/*
 *   agent ─► haproxy :5432 rw / :5433 ro ─► pgbouncer-1..3 :6432 ─► coordinator-1..3 (pg_auto_failover: primary + 2 replicas)
 *                                                                       │ distributed tables
 *                                                                       ▼
 *                                                 worker-1..4 (each a formation of its own: a primary + b standby)
 *
 *            monitor watches every group, and decides
 */
import type { Topology } from "../harness/model/topology.ts";
import { production } from "./production.ts";

/**
 * production with pg_auto_failover in the place of Patroni and etcd, its health checks as short as its documentation lets
 * them be: to be measured beside the others. The monitor is one node: while it is away, nothing fails over.
 */
export const productionPgAutoFailover = {
  ...production,
  name: "production-pg-auto-failover",
  summary:
    "The documented system with pg_auto_failover in Patroni's place: a monitor, 3 coordinators, 4 worker groups with standbys.",
  etcd: { ...production.etcd, members: 0 },
  // Settings and defaults: pg_auto_failover 2.2, docs/ref/configuration.rst and docs/fault-tolerance.rst.
  pgAutoFailover: {
    enabled: true,
    // 5000 by default. A round is over as soon as every node has answered, at most a time-out or two later.
    healthCheckPeriodMs: 1000,
    // 5000 by default. A node of the same network answers in milliseconds, unless it is frozen or cut off.
    healthCheckTimeoutMs: 1000,
    // 2 by default; there is no fewer than 1.
    healthCheckMaxRetries: 1,
    // 2000 by default.
    healthCheckRetryDelayMs: 500,
    // 20000 by default. A keeper reports once a second: three reports are missing.
    nodeConsideredUnhealthyTimeoutMs: 3000,
    // 30000 by default: the time that an old primary which cannot be reached has to stop by itself. With
    // number_sync_standbys 1 it can acknowledge nothing once its standbys have left it, which is before this time begins.
    primaryDemoteTimeoutMs: 1000,
    // The default: it matters only after the monitor itself was started.
    startupGracePeriodMs: 10_000,
    // 20 by default.
    networkPartitionTimeoutSeconds: 3,
    // The defaults. A crashed PostgreSQL is started in place first.
    postgresqlRestartFailureMaxRetries: 3,
    postgresqlRestartFailureTimeoutSeconds: 20,
    checkPort: 8008,
  },
} satisfies Topology;
