import type { Check } from "./check.ts";

/** PgBouncer's default; long enough to outlast a restart. Seconds. */
const defaultSeconds = 15;

/** After one failed login PgBouncer turns new clients away for this long. */
export const poolerLoginRetry: Check = ({ pgbouncer }) => {
  if (!pgbouncer.enabled || pgbouncer.serverLoginRetry < defaultSeconds) return null;
  return {
    id: "SERVER-LOGIN-RETRY",
    severity: "risk",
    title: "PgBouncer prolongs every restart of its PostgreSQL",
    claim: "Clients are served again as soon as PostgreSQL is.",
    truth:
      `server_login_retry is ${pgbouncer.serverLoginRetry} s: after one failed login, new clients get an error for that ` +
      "long, whether or not PostgreSQL is back.",
    mend: "Set pgbouncer.serverLoginRetry to 1 (0 makes it spin while PostgreSQL is down).",
    source: "PgBouncer manual, server_login_retry (default 15).",
  };
};
