import { type FailureClass, failureTraits } from "../../model/advice.ts";
import type { ShardingDialect, Topology } from "../../model/topology.ts";
import type { Check } from "./check.ts";

/** Whether coordinators go on waiting for a worker that failed so, though another has been promoted. */
export function waitsForOldPrimary({ sharding }: Pick<Topology, "sharding">, failed: FailureClass): boolean {
  return sharding !== "none" && failureTraits[failed].hangs;
}

const claim = "Worker failover < 5 s (Architecture Overview, Targets: T2).";

const FINDINGS = {
  fdw: {
    id: "FDW-WAITS",
    severity: "impossible",
    title: "With postgres_fdw, coordinators do not follow the failover of a worker that is frozen or cut off",
    claim,
    truth:
      "postgres_fdw ignores connect_timeout and tries a server's hosts in list order. Where the old primary stands before " +
      "the new one, a frozen host accepts the connection and never answers, so sessions hang until it wakes; one that is cut off costs every new session some 6 s " +
      "(tcp_user_timeout 5 s) before the next host is tried. Nothing tells the coordinators that a standby has been " +
      "promoted. A host that is gone or refuses connections is skipped at once.",
    mend: "Give each worker group one address that moves with its primary. Citus has the same trouble for a reason of its own (CITUS-WAITS).",
    source:
      "PostgreSQL 17, src/include/libpq/libpq-be-fe-helpers.h, libpqsrv_connect_internal (waits without a time-out); " +
      "libpq manual, 32.1.1.3, Specifying Multiple Hosts; measured with failover-worker.",
  },
  citus: {
    id: "CITUS-WAITS",
    severity: "impossible",
    title:
      "With Citus, coordinators follow the failover of a worker that is frozen or cut off only late, or not at all",
    claim,
    truth:
      "A session that ends while a worker owes it an answer, because its client left or because it is terminated, first asks that " +
      "worker to cancel the statement, by a call that waits without a time-out and cannot be interrupted (PQcancel), and keeps its locks " +
      "on shards meanwhile. A frozen worker's kernel accepts that connection and nobody answers; to one that is cut off, the kernel tries to connect for 127 s by default. Patroni tells the coordinators of the new " +
      "primary by citus_update_node, which waits for these very locks; what it does after its cool-down, terminating " +
      "the sessions that hold them, cannot reach one that is in that call. A worker that is gone or refuses connections fails the call at once.",
    mend:
      "For one that is cut off, net.ipv4.tcp_syn_retries 2 on every coordinator and worker, so that the call ends after 7 s and not after " +
      "127 (measured: clients were served again after 33 to 35 s, and after 142 to 149 s without it): dpg-bench sets it in these containers. For one whose processes are frozen while its kernel answers, none is known in " +
      "settings: fence the old worker, so that its address refuses or is unreachable.",
    source:
      "Citus 13.2, src/backend/distributed/connection/connection_management.c, ShutdownConnection (its comment says so), and " +
      "remote_commands.c, SendCancelationRequest; Patroni 4.0, patroni/postgresql/mpp/citus.py; measured with failover-worker, stacks read.",
  },
} as const satisfies Readonly<Record<Exclude<ShardingDialect, "none">, object>>;

/** Coordinators that do not come to know, or cannot make use of it, that another worker has been promoted. */
export const hangingWorker: Check = ({ sharding, workers }) =>
  sharding === "none" || workers.groups === 0 || workers.membersPerGroup < 2 ? null : FINDINGS[sharding];
