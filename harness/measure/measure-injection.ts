import type { ClusterEvent } from "../model/event.ts";
import { COORDINATORS, groupOf, groupsOf } from "../model/layout.ts";
import type { Figure, InjectionMeasurement } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import type { Samples } from "../model/samples.ts";
import { handsOver, type VictimRole } from "../model/advice.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { isLink, nodeSets, setsOf } from "../model/victim-selector.ts";
import { countDue } from "./count-due.ts";
import type { OperationCounts } from "./count-operations.ts";
import { outagesOf } from "./failover-outages.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { roleAt } from "./role-at.ts";
import { twoPrimariesMs } from "./primaries-figures.ts";
import type { ServiceSeen } from "./see-service.ts";
import { sumLedgers } from "./sum-ledgers.ts";
import { traceHops } from "./trace-hops.ts";
import { unavailability } from "./unavailability.ts";

/** A probe's samples in order of intended start, and what they say of its service in this injection's window. */
export interface ProbeStory {
  readonly samples: Samples;
  readonly seen: ServiceSeen;
  /** Service was missing before the fault struck. */
  readonly alreadyUnserved: boolean;
}

/** Everything that is measured of one injection. */
export function measureInjection(told: {
  readonly recording: Recording;
  readonly events: readonly ClusterEvent[];
  readonly safety: SafetyChecks;
  readonly window: InjectionWindow;
  readonly operations: OperationCounts;
  readonly write: ProbeStory;
  readonly read: ProbeStory;
}): InjectionMeasurement {
  const { recording, events, safety, window, operations, write, read } = told;
  const { plan } = recording;
  const group = groupHit(window, plan);
  const { hops, newPrimary } = traceHops(window, outagesOf(write.seen), events, group);
  const ledgers = safety.byInjection.find(({ injection }) => injection === window.injection)?.ledgers ?? [];
  const ledgersExpected = plan.streams.filter(({ ledgerTable }) => ledgerTable !== null).length;
  return {
    injection: window.injection,
    fault: window.fault,
    victim: window.victim,
    nodes: window.nodes,
    role: roleOf(window, plan, events),
    commandFailed: window.commandFailed,
    loopPhase: window.loopPhase,
    faultAtUs: window.faultAtUs,
    windowEndUs: window.windowEndUs,
    writeUnavailabilitySeconds: unavailabilityOf(write, window, group),
    readUnavailabilitySeconds: unavailabilityOf(read, window, group),
    writeEpisodes: write.seen.unserved,
    readEpisodes: read.seen.unserved,
    hops,
    timeToFullRedundancySeconds: timeToFullRedundancy(window),
    newPrimary,
    operationsFailed: operations.failed,
    operationsUnknown: operations.unknown,
    operationsLate: operations.late,
    lostWrites: sumLedgers(ledgers, "acknowledgedMissing", ledgersExpected),
    failedButPresent: sumLedgers(ledgers, "failedButPresent", ledgersExpected),
    twoPrimariesMs: twoPrimariesMs(safety.primaries, [[window.faultAtUs, window.windowEndUs]]),
    twoPrimaries: twoPrimariesIn(safety, window),
  };
}

/** The first one that was hit; the coordinators where none was. */
function groupHit({ nodes }: InjectionWindow, { topology }: RunPlan): string {
  const layout = { groups: groupsOf(topology) };
  return nodes.map((node) => groupOf(layout, node)?.name).find((name) => name !== undefined) ?? COORDINATORS;
}

/**
 * What makes the primary hand over is the primary's, whoever was named as its victim. What a member of PostgreSQL was is in
 * the events; of several members, of etcd and of links it is what they were chosen for.
 */
function roleOf(
  { injection, nodes, faultAtUs }: InjectionWindow,
  { injections, topology }: RunPlan,
  events: readonly ClusterEvent[],
): VictimRole | null {
  const planned = injections.find((each) => each.injection === injection);
  const [node, another] = nodes;
  const role = node === undefined || another !== undefined ? null : roleAt(node, topology, events, faultAtUs);
  if (planned === undefined) return role;
  if (handsOver(planned.failureClass)) return role === null ? null : "primary";
  const ofPostgres = setsOf(planned.victim).every((set) => nodeSets[set] === "postgres");
  if (ofPostgres && !isLink(planned.victim) && another === undefined) return role;
  return possibleRoles(planned.victim, topology, planned.failureClass)[0] ?? null;
}

/** The probes' table lives on the coordinators: of a fault elsewhere they can say nothing, which is not 0. */
function unavailabilityOf(probe: ProbeStory, window: InjectionWindow, group: string): Figure {
  if (group !== COORDINATORS) return { kind: "withheld", reason: `the probes do not touch ${group}` };
  const due = countDue(probe.samples, window.faultAtUs, window.windowEndUs);
  return unavailability(window, probe.seen, due, probe.alreadyUnserved);
}

function timeToFullRedundancy({ faultAtUs, windowEndUs, healedAtUs }: InjectionWindow): Figure {
  return healedAtUs === null
    ? { kind: "at-least", value: (windowEndUs - faultAtUs) / 1e6 }
    : { kind: "value", value: (healedAtUs - faultAtUs) / 1e6 };
}

function twoPrimariesIn(
  { primaries }: SafetyChecks,
  { faultAtUs, windowEndUs }: InjectionWindow,
): InjectionMeasurement["twoPrimaries"] {
  return primaries.flatMap(({ group, stretches }) =>
    stretches
      .filter(({ writable, fromUs, toUs }) => writable.length > 1 && toUs > faultAtUs && fromUs < windowEndUs)
      .map(({ writable, fromUs, toUs }) => ({
        group,
        members: writable,
        fromUs: Math.max(fromUs, faultAtUs),
        toUs: Math.min(toUs, windowEndUs),
      })),
  );
}
