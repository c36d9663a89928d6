import type {
  BandTerm,
  EffectiveTiming,
  FailureClass,
  PredictedBand,
  PredictedMetric,
  VictimRole,
} from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import { circuitOpenTerms, replicaReadTerms } from "./terms/health-check.ts";
import { nodeLossTerms } from "./terms/node-loss.ts";
import { plannedTerms } from "./terms/planned.ts";
import { failoverAfterCrashTerms, restartInPlaceTerms } from "./terms/process-crash.ts";
import {
  asynchronousReplicaTerms,
  quorumStandbyTerms,
  synchronousStandbyTerms,
} from "./terms/standby-loss.ts";

const replicaRoles: readonly VictimRole[] = ["synchronous standby", "quorum standby", "asynchronous replica"];

/** What is known of a fault that bands are predicted for. */
type Fault = Pick<FaultDescription, "name" | "failureClass">;

/**
 * The bands of one fault on coordinators that may have these roles: of writes for each role, of reads and of HAProxy's
 * circuit for whatever is no primary. A lost primary's reads have no band: most are served by replicas throughout.
 */
export function predictBands(
  topology: Topology,
  timing: EffectiveTiming,
  fault: Fault,
  roles: readonly VictimRole[],
): PredictedBand[] {
  const replicas = replicaRoles.filter((role) => roles.includes(role));
  const writes = roles.map((role) =>
    predictBand(topology, timing, fault, { metric: "write-unavailability", role }),
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
  const terms = termsOf(topology, timing, fault.failureClass, of);
  return {
    metric: of.metric,
    fault: fault.name,
    failureClass: fault.failureClass,
    roles: [of.role],
    lowSeconds: sum(terms.map(({ lowSeconds }) => lowSeconds)),
    highSeconds: sum(terms.map(({ highSeconds }) => highSeconds)),
    terms,
  };
}

function termsOf(
  topology: Topology,
  timing: EffectiveTiming,
  failureClass: FailureClass,
  { metric, role }: { readonly metric: PredictedMetric; readonly role: VictimRole },
): readonly BandTerm[] {
  switch (metric) {
    case "write-unavailability":
      return writeTerms(topology, timing, failureClass, role);
    case "read-unavailability":
      return role === "primary" || !topology.haproxy.enabled ? [] : replicaReadTerms(topology, failureClass);
    case "circuit-open":
      return role === "primary" || !topology.haproxy.enabled ? [] : circuitOpenTerms(topology, failureClass);
  }
}

function writeTerms(
  topology: Topology,
  timing: EffectiveTiming,
  failureClass: FailureClass,
  role: VictimRole,
): readonly BandTerm[] {
  switch (role) {
    case "primary":
      return primaryTerms(topology, timing, failureClass);
    case "synchronous standby":
      return synchronousStandbyTerms(topology, timing, failureClass);
    case "quorum standby":
      return quorumStandbyTerms;
    case "asynchronous replica":
      return asynchronousReplicaTerms;
  }
}

function primaryTerms(topology: Topology, timing: EffectiveTiming, failureClass: FailureClass): BandTerm[] {
  switch (failureClass) {
    case "planned":
      return plannedTerms(topology, timing);
    case "process-crash":
      return topology.patroni.primaryStartTimeout === 0
        ? failoverAfterCrashTerms(topology, timing)
        : restartInPlaceTerms(topology, timing);
    case "node-loss":
    case "node-pause":
    case "network-isolation":
      return nodeLossTerms(topology, timing, failureClass);
  }
}

/** To the millisecond, so that 0.1 + 0.2 reads as 0.3. */
function sum(seconds: readonly number[]): number {
  return Math.round(seconds.reduce((total, each) => total + each, 0) * 1000) / 1000;
}
