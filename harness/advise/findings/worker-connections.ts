import type { Check } from "./check.ts";

/** D11: every pooled coordinator session may hold a connection to every worker. */
export const workerConnections: Check = ({ workers, pgbouncer, postgres, coordinators, sharding }) => {
  if (workers.groups === 0 || sharding === "none" || !pgbouncer.enabled) return null;
  const sessions = pgbouncer.poolSize * coordinators.members;
  if (sessions <= postgres.maxConnections) return null;
  return {
    id: "D11",
    severity: "risk",
    title: "The poolers may open more sessions than a worker accepts",
    claim: "100 connections per worker are enough (Architecture Overview, limits: T11).",
    truth:
      `${coordinators.members} poolers with ${pgbouncer.poolSize} server connections each are ${sessions} coordinator ` +
      `sessions, each with at least one connection to every worker it queries; max_connections is ${postgres.maxConnections}.`,
    mend: `Set postgres.maxConnections above ${sessions}, or make the pools smaller.`,
    source:
      "PostgreSQL manual, postgres_fdw: connection management; Citus manual, citus.max_adaptive_executor_pool_size.",
  };
};
