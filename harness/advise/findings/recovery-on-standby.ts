import type { Check } from "./check.ts";

/** Citus takes a prepared transaction that it does not see for one that was committed, and a standby shows none. */
export const recoveryOnStandby: Check = ({ sharding, workers, postgres }) => {
  if (sharding !== "citus" || workers.groups === 0 || workers.membersPerGroup < 2) return null;
  const interval = postgres.parameters["citus.recover_2pc_interval"];
  return {
    id: "CITUS-2PC",
    severity: "risk",
    title: "A worker's failover can tear a transaction that Citus has committed in two phases",
    claim:
      "A transaction over several shards is rolled back on any failure, by two-phase commit (Architecture Overview, Behaviours: B5).",
    truth:
      "Citus' recovery of prepared transactions deletes its record of a committed one that it does not find prepared on the worker. " +
      "It does not ask whether the worker is a standby, which shows no prepared transactions. Between a worker's crash and Patroni's change " +
      "of pg_dist_node, the old primary may already be back as a standby: a recovery in that second forgets what was committed, and the " +
      "next one rolls it back on the new primary, though the client was told COMMIT. " +
      `It runs every ${interval === undefined ? "60 s by default" : `${String(interval)} (citus.recover_2pc_interval; 60 s by default)`}: the more often, the likelier.`,
    mend: "Leave citus.recover_2pc_interval at 60 s or above: a second in sixty is then at risk. Only a check of pg_is_in_recovery() in Citus ends it.",
    source:
      "Citus 13.2, src/backend/distributed/transaction/transaction_recovery.c, RecoverWorkerTransactions; PostgreSQL 17, twophase.c, pg_prepared_xact; " +
      "measured with two-phase-commit-under-faults (every 2 s: 5 torn transfers after 3 crashes of workers).",
  };
};
