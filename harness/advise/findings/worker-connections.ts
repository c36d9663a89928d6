import type { Check } from "./check.ts";

/** What the documented system says is enough for a worker (Architecture Overview, limits: T11). */
const DOCUMENTED_CONNECTIONS = 100;

/** D11: every pooled coordinator session may hold a connection to every worker. */
export const workerConnections: Check = ({ workers, pgbouncer, postgres, coordinators, sharding }) => {
  if (workers.groups === 0 || sharding === "none" || !pgbouncer.enabled) return null;
  const sessions = pgbouncer.poolSize * coordinators.members;
  if (sessions <= Math.min(postgres.maxConnections, DOCUMENTED_CONNECTIONS)) return null;
  const areRefused = sessions > postgres.maxConnections;
  return {
    id: "D11",
    severity: areRefused ? "risk" : "note",
    title: areRefused
      ? "The poolers may open more sessions than a worker accepts"
      : `The poolers may open more sessions to a worker than the ${DOCUMENTED_CONNECTIONS} of the promise`,
    claim: `${DOCUMENTED_CONNECTIONS} connections per worker are enough (Architecture Overview, limits: T11).`,
    truth:
      `${coordinators.members} poolers with ${pgbouncer.poolSize} server connections each are ${sessions} coordinator ` +
      `sessions, each with at least one connection to every worker it queries; max_connections is ${postgres.maxConnections}.`,
    mend: areRefused
      ? `Set postgres.maxConnections above ${sessions}, or make the pools smaller.`
      : `Make the pools smaller (${Math.floor(DOCUMENTED_CONNECTIONS / coordinators.members)} server connections for each pooler), or drop the promise: the workers accept ${postgres.maxConnections}.`,
    source:
      "PostgreSQL manual, postgres_fdw: connection management; Citus manual, citus.max_adaptive_executor_pool_size.",
  };
};
