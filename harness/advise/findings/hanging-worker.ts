import type { FailureClass } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import type { Check } from "./check.ts";

/** Whether coordinators go on waiting for a worker that failed so, though another has been promoted. */
export function waitsForOldPrimary({ sharding }: Pick<Topology, "sharding">, failed: FailureClass): boolean {
  return sharding === "fdw" && (failed === "node-pause" || failed === "network-isolation");
}

/** postgres_fdw connects without a time-out, to one host of its list after another. */
export const hangingWorker: Check = ({ sharding, workers }) => {
  if (sharding !== "fdw" || workers.groups === 0 || workers.membersPerGroup < 2) return null;
  return {
    id: "FDW-WAITS",
    severity: "impossible",
    title: "With postgres_fdw, coordinators do not follow the failover of a worker that is frozen or cut off",
    claim: "Worker failover < 5 s (Architecture Overview, Targets: T2).",
    truth:
      "postgres_fdw ignores connect_timeout and tries a server's hosts in list order. Where the old primary stands before " +
      "the new one, a frozen host accepts the connection and never answers, so sessions hang until it wakes; one that is cut off costs every new session some 6 s " +
      "(tcp_user_timeout 5 s) before the next host is tried. Nothing tells the coordinators that a standby has been " +
      "promoted. A host that is gone or refuses connections is skipped at once.",
    mend: "Use sharding citus, where Patroni tells the coordinators of the new primary; or give each worker group one address that moves with its primary.",
    source:
      "PostgreSQL 17, src/include/libpq/libpq-be-fe-helpers.h, libpqsrv_connect_internal (waits without a time-out); " +
      "libpq manual, 32.1.1.3, Specifying Multiple Hosts; measured with failover-worker.",
  };
};
