import {
  type BandTerm,
  type EffectiveTiming,
  type FailureClass,
  failureTraits,
  type PredictedBand,
  type PredictedMetric,
  type VictimRole,
} from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import { sumOfThousandths } from "../stats/sum.ts";
import { waitsForOldPrimary } from "./findings/hanging-worker.ts";
import {
  etcdFollowerTerms,
  etcdLeaderTerms,
  etcdQuorumTerms,
  primaryToEtcdTerms,
} from "./terms/etcd-loss.ts";
import { circuitOpenTerms, replicaReadTerms } from "./terms/health-check.ts";
import { etcdHandoverTerms, shortFreezeTerms, slownessTerms } from "./terms/no-failover.ts";
import { nodeLossTerms } from "./terms/node-loss.ts";
import { plannedTerms } from "./terms/planned.ts";
import { reloadTerms } from "./terms/reload.ts";
import { clientTerm, coordinatorTerms } from "./terms/shared-terms.ts";
import { failoverAfterCrashTerms, restartInPlaceTerms } from "./terms/process-crash.ts";
import {
  asynchronousReplicaTerms,
  quorumStandbyTerms,
  synchronousStandbyTerms,
} from "./terms/standby-loss.ts";

const replicaRoles: readonly VictimRole[] = ["synchronous standby", "quorum standby", "asynchronous replica"];

/** What is known of a fault that bands are predicted for, and when it is healed, where that is said. */
type Fault = Pick<FaultDescription, "name" | "failureClass"> & {
  readonly healAfterSeconds?: number | undefined;
};

/**
 * The bands of one fault on victims that may have these roles: of writes for each role, of reads and of HAProxy's circuit
 * for a coordinator that is no primary. A lost primary's reads have no band: most are served by replicas throughout.
 * `healAfter` tells when a fault on a victim of a role is healed, where that is said.
 */
export function predictBands(
  topology: Topology,
  timing: EffectiveTiming,
  fault: Omit<Fault, "healAfterSeconds">,
  roles: readonly VictimRole[],
  healAfter: (role: VictimRole) => number | undefined = () => undefined,
): PredictedBand[] {
  const replicas = replicaRoles.filter((role) => roles.includes(role));
  const writes = roles.map((role) =>
    predictBand(
      topology,
      timing,
      { ...fault, healAfterSeconds: healAfter(role) },
      { metric: "write-unavailability", role },
    ),
  );
  const others = (["read-unavailability", "circuit-open"] as const).flatMap((metric) =>
    replicas.slice(0, 1).map((role) => ({
      ...predictBand(topology, timing, fault, { metric, role }),
      roles: replicas,
    })),
  );
  return [...writes, ...others].filter(({ terms }) => terms.length > 0);
}

/**
 * The band in which a figure will lie after one fault, by default writes' unavailability when it hits the coordinators'
 * primary: the sum of its terms' lows and highs, seconds. The high end is the worst case of every term at once, so most
 * runs end well below it. Without terms nothing is predicted.
 */
export function predictBand(
  topology: Topology,
  timing: EffectiveTiming,
  fault: Fault,
  of: { readonly metric: PredictedMetric; readonly role: VictimRole } = {
    metric: "write-unavailability",
    role: "primary",
  },
): PredictedBand {
  const terms = termsOf(topology, timing, fault, of);
  return {
    metric: of.metric,
    fault: fault.name,
    failureClass: fault.failureClass,
    roles: [of.role],
    lowSeconds: sumOfThousandths(terms.map(({ lowSeconds }) => lowSeconds)),
    highSeconds: sumOfThousandths(terms.map(({ highSeconds }) => highSeconds)),
    terms,
  };
}

function termsOf(
  topology: Topology,
  timing: EffectiveTiming,
  fault: Fault,
  { metric, role }: { readonly metric: PredictedMetric; readonly role: VictimRole },
): readonly BandTerm[] {
  const stays = failureTraits[fault.failureClass].keepsRole;
  switch (metric) {
    case "write-unavailability":
      return writeTerms(topology, timing, fault, role);
    case "read-unavailability":
      return stays || !replicaRoles.includes(role) || !topology.haproxy.enabled
        ? []
        : replicaReadTerms(topology, fault.failureClass);
    case "circuit-open":
      return stays || !replicaRoles.includes(role) || !topology.haproxy.enabled
        ? []
        : circuitOpenTerms(topology, fault.failureClass);
  }
}

function writeTerms(
  topology: Topology,
  timing: EffectiveTiming,
  { failureClass, healAfterSeconds }: Fault,
  role: VictimRole,
): readonly BandTerm[] {
  if (failureClass === "slowness") return slownessTerms(timing, role, healAfterSeconds);
  if (failureClass === "etcd-handover") return etcdHandoverTerms(timing);
  switch (role) {
    case "primary":
      return (
        (failureClass === "node-pause" ? shortFreezeTerms(topology, timing, healAfterSeconds) : null) ??
        primaryTerms(topology, timing, failureClass)
      );
    case "synchronous standby":
      return synchronousStandbyTerms(topology, timing, failureClass);
    case "quorum standby":
      return quorumStandbyTerms;
    case "asynchronous replica":
      return asynchronousReplicaTerms;
    case "etcd follower":
      return etcdFollowerTerms(topology, timing);
    case "etcd leader":
    case "etcd leader to followers":
      return etcdLeaderTerms(topology, timing);
    case "etcd quorum":
      return etcdQuorumTerms(topology, timing, healAfterSeconds);
    case "primary to etcd":
      return primaryToEtcdTerms(topology, timing);
    case "worker primary":
      return workerPrimaryTerms(topology, timing, failureClass);
    case "worker standby":
      // It confirms nothing that anybody waits for, as an asynchronous replica of the coordinators.
      return topology.workers.synchronousMode === "off" ? asynchronousReplicaTerms : [];
    case "worker group":
    case "coordinators to worker":
      return [];
  }
}

/**
 * As of the coordinators' primary, with nothing in front of it: proxy and poolers stand before the coordinators, whose
 * sessions connect to the worker's new primary. A worker without a standby is not failed over, and that it was is of no use to
 * a coordinator that waits for the old primary: see the findings FDW-WAITS and CITUS-WAITS.
 */
function workerPrimaryTerms(
  topology: Topology,
  timing: EffectiveTiming,
  failureClass: FailureClass,
): readonly BandTerm[] {
  const { membersPerGroup, synchronousMode } = topology.workers;
  if (membersPerGroup < 2 || waitsForOldPrimary(topology, failureClass)) return [];
  const alone = {
    ...topology,
    coordinators: { members: membersPerGroup, synchronousMode },
    haproxy: { ...topology.haproxy, enabled: false },
    pgbouncer: { ...topology.pgbouncer, enabled: false },
  };
  const inPlace = failureClass === "process-crash" && topology.patroni.primaryStartTimeout > 0;
  return primaryTerms(alone, timing, failureClass, coordinatorTerms(topology, timing, inPlace));
}

function primaryTerms(
  topology: Topology,
  timing: EffectiveTiming,
  failureClass: FailureClass,
  lastTerms: readonly BandTerm[] = [clientTerm],
): BandTerm[] {
  switch (failureClass) {
    case "planned":
      return plannedTerms(topology, timing, lastTerms);
    case "reload":
      return reloadTerms();
    case "process-crash":
      return topology.patroni.primaryStartTimeout === 0
        ? failoverAfterCrashTerms(topology, timing, lastTerms)
        : restartInPlaceTerms(topology, timing, lastTerms);
    case "node-loss":
    case "node-pause":
    case "network-isolation":
      return nodeLossTerms(topology, timing, failureClass, lastTerms);
    case "link-cut":
    case "slowness":
    case "etcd-handover":
      return [];
    case "rescaling":
      // It depends on what there is to be moved and on who uses it meanwhile, which no setting tells.
      return [];
  }
}
