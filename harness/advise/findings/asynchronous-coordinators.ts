import type { Check } from "./check.ts";

/** Losing nothing needs synchronous replication. */
export const asynchronousCoordinators: Check = ({ coordinators, etcd, patroni }) => {
  if (etcd.members === 0 || coordinators.members < 2 || coordinators.synchronousMode !== "off") return null;
  return {
    id: "RPO",
    severity: "risk",
    title: "Asynchronous coordinators may lose acknowledged writes",
    claim: "Coordinator failover loses nothing: RPO 0, synchronous (the documented system's requirements).",
    truth:
      "synchronous_mode is off: a COMMIT is acknowledged before any replica has it, and a replica may be promoted that " +
      `lags by up to maximum_lag_on_failover ${patroni.maximumLagOnFailover} bytes.`,
    mend: "Set coordinators.synchronousMode to quorum: with on, the loss of the one synchronous standby stops writes (D14).",
    source: "Patroni manual, Replication modes: asynchronous mode durability, synchronous mode.",
  };
};
