import { predictBand } from "../predict-band.ts";
import type { Check } from "./check.ts";
import { formatSeconds } from "../../model/format-value.ts";

/** D14: with one synchronous standby the loss of that standby stops writes, as long as the loss of the primary. */
export const oneSynchronousStandby: Check = (topology, timing) => {
  const { members, synchronousMode } = topology.coordinators;
  if (timing === null || members < 2 || synchronousMode === "off") return null;
  if (synchronousMode === "quorum" && members > 2) return null;
  const role = "synchronous standby";
  const [frozen, killed] = (["node-pause", "node-loss"] as const).map((failureClass) =>
    predictBand(topology, timing, { name: "", failureClass }, { metric: "write-unavailability", role }),
  );
  if (frozen === undefined || killed === undefined) return null;
  const guarded = topology.guard.enabled;
  const waits =
    synchronousMode === "on"
      ? "synchronous_mode on with synchronous_node_count 1: every COMMIT waits for one named standby."
      : "synchronous_mode quorum with one standby: every COMMIT waits for that one.";
  return {
    id: "D14",
    severity: "risk",
    title: "Losing the one synchronous standby stops all writes",
    claim:
      "RPO 0 by synchronous replication, and failover < 10 s (Architecture Overview, Targets: T1, and the same system's " +
      "requirements): both promises are about the primary, as if a standby's loss cost nothing.",
    truth:
      `${waits} A frozen or cut-off one, or one whose host lost its power, stops all writes for ${formatSeconds(frozen.lowSeconds)} ` +
      `to ${formatSeconds(frozen.highSeconds)}, ${guarded ? "which no leader guard shortens" : "as long as a lost primary"}: until Patroni drops it from synchronous_standby_names, ` +
      `which waits for its member key's ttl ${timing.ttl} s (measured 19.7 and 21.1 s at ttl 20). One whose processes are killed ` +
      `closes its connections, and is dropped after up to ${formatSeconds(killed.highSeconds)}.`,
    mend: guarded
      ? "None with a leader guard, which needs synchronous_mode on. Weigh what it saves when a primary is lost against this: " +
        "with coordinators.synchronousMode quorum and no guard, losing a standby stops nothing, and losing a primary takes as long as its lease."
      : members > 2
        ? "Set coordinators.synchronousMode to quorum: either of the standbys may confirm, and losing one stops nothing " +
          "(measured: 0 s with a frozen standby, nothing lost in a failover, failovers as long as before)."
        : "Add a standby (coordinators.members 3) and set coordinators.synchronousMode to quorum: either of the two may then confirm.",
    source:
      "Patroni manual, Replication modes: synchronous mode, quorum commit mode; patroni/postgresql/sync.py, _ReplicaList.",
  };
};
