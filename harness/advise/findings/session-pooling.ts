import type { Check } from "./check.ts";

/** D5: with session pooling a client holds its server connection for as long as it is connected. */
export const sessionPooling: Check = ({ pgbouncer, coordinators }) => {
  if (!pgbouncer.enabled || pgbouncer.poolMode !== "session") return null;
  if (pgbouncer.maxClientConnections <= pgbouncer.poolSize) return null;
  const served = pgbouncer.poolSize * coordinators.members;
  return {
    id: "D5",
    severity: "risk",
    title: "Session pooling serves as many clients as it has server connections; the others queue",
    claim: "1,000 application connections become 300 (Architecture Overview, PgBouncer; T10).",
    truth:
      `pool_mode session with default_pool_size ${pgbouncer.poolSize} serves ${served} clients at a time over ` +
      `${coordinators.members} poolers, ${pgbouncer.poolSize} of them writers; up to ${pgbouncer.maxClientConnections} ` +
      `per pooler are let in, and the others wait up to query_wait_timeout ${pgbouncer.queryWaitTimeout} s.`,
    mend: "Set pool_mode transaction (prepared statements work in it since PgBouncer 1.21).",
    source: "PgBouncer manual, pool_mode, default_pool_size and query_wait_timeout.",
  };
};
