import type { Check } from "./check.ts";

/** A crash of PostgreSQL alone is not a failover unless Patroni is told so. */
export const restartInPlace: Check = ({ patroni, coordinators }, timing) => {
  if (timing === null || coordinators.members < 2 || patroni.primaryStartTimeout === 0) return null;
  return {
    id: "PRIMARY-START-TIMEOUT",
    severity: "note",
    title: "A crashed PostgreSQL is restarted in place, not failed over",
    claim: "The failure of the primary leads to a failover (Architecture Overview, Patroni).",
    truth:
      `primary_start_timeout is ${patroni.primaryStartTimeout} s (Patroni's default is 300): the leader keeps its key and ` +
      `may recover for up to ${patroni.primaryStartTimeout} s while nobody serves writes.`,
    mend: "Set primary_start_timeout 0 to fail over at once when a healthy replica exists.",
    source: "Patroni manual, Dynamic configuration settings: primary_start_timeout; patroni/ha.py, recover.",
  };
};
