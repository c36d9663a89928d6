import type { Check } from "./check.ts";

/** HAProxy leaves sessions on a dead server alone unless told otherwise. */
export const hangingSessions: Check = ({ haproxy }) => {
  if (!haproxy.enabled || haproxy.shutdownSessionsWhenDown) return null;
  return {
    id: "HANGING-SESSIONS",
    severity: "risk",
    title: "Clients hang on a dead server",
    claim: "The circuit breaker takes a failed server out of service (Architecture Overview, HAProxy: B9).",
    truth:
      "on-marked-down shutdown-sessions is not set: new connections go elsewhere, but sessions that are open to a frozen " +
      "or cut-off server stay open, and clients without a time-out of their own wait for the kernel's (minutes).",
    mend: "Set haproxy.shutdownSessionsWhenDown to true.",
    source: "HAProxy 3.0 configuration manual, 5.2: on-marked-down.",
  };
};
