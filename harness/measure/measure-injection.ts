import type { ClusterEvent } from "../model/event.ts";
import { COORDINATORS, groupOf, groupsOf, groupsWithShards } from "../model/layout.ts";
import type { Figure, InjectionMeasurement } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import type { Samples } from "../model/samples.ts";
import { handsOver, type VictimRole } from "../model/advice.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { isLink, nodeSets, setsOf } from "../model/victim-selector.ts";
import { figureWithin, highestOf } from "../stats/figures.ts";
import { countDue } from "./count-due.ts";
import type { OperationCounts } from "./count-operations.ts";
import { countFailovers, failoversIn } from "./failovers.ts";
import { outagesOf } from "./failover-outages.ts";
import type { InjectionWindow } from "./list-injections.ts";
import { measureMoves, movesShards } from "./measure-moves.ts";
import { roleAt } from "./role-at.ts";
import { twoPrimariesMs } from "./primaries-figures.ts";
import type { ServiceSeen } from "./see-service.ts";
import { sumLedgers, timeOfLost } from "./sum-ledgers.ts";
import { traceHops } from "./trace-hops.ts";
import { unavailability } from "./unavailability.ts";

/** A probe's samples in order of intended start, and what they say of its service in this injection's window. */
export interface ProbeStory {
  readonly kind: "read" | "write";
  /** The PostgreSQL group that it probes. */
  readonly group: string;
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
  /** Of every probe of the run. */
  readonly probes: readonly ProbeStory[];
}): InjectionMeasurement {
  const { recording, events, safety, window, operations, probes } = told;
  const { plan } = recording;
  const hit = groupsHit(window, plan);
  const [write, read] = (["write", "read"] as const).map((kind) =>
    longestUnserved(probesOf(hit, kind, probes), window, `the probes do not touch ${hit.join(", ")}`),
  ) as [Unserved, Unserved];
  const group = write.story?.group ?? hit[0] ?? COORDINATORS;
  const outages = write.story === null ? [] : outagesOf(write.story.seen);
  const { hops, newPrimary } = traceHops(window, outages, events, group);
  const ledgers = safety.byInjection.find(({ injection }) => injection === window.injection)?.ledgers ?? [];
  const ledgersExpected = plan.streams.filter(({ ledgerTable }) => ledgerTable !== null).length;
  const lostWrites = sumLedgers(ledgers, "acknowledgedMissing", ledgersExpected);
  const failovers = failoversIn(events, { fromUs: window.faultAtUs, toUs: window.nextFaultUs });
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
    writeUnavailabilitySeconds: write.figure,
    readUnavailabilitySeconds: read.figure,
    ...elsewhere(hit, window, probes),
    ...measureMoves(window, plan, events),
    writeEpisodes: write.story?.seen.unserved ?? [],
    readEpisodes: read.story?.seen.unserved ?? [],
    hops,
    timeToFullRedundancySeconds: timeToFullRedundancy(window),
    newPrimary,
    operationsFailed: operations.failed,
    operationsUnknown: operations.unknown,
    operationsLate: operations.late,
    failovers,
    failoverCount: countFailovers(failovers, events),
    ...inForce(window),
    lostWrites,
    lostWriteSeconds: timeOfLost(ledgers, lostWrites, window.faultAtUs),
    failedButPresent: sumLedgers(ledgers, "failedButPresent", ledgersExpected),
    twoPrimariesMs: twoPrimariesMs(safety.primaries, [[window.faultAtUs, window.windowEndUs]]),
    twoPrimaries: twoPrimariesIn(safety, window),
  };
}

function inForce({ inForceSeconds }: InjectionWindow): Pick<InjectionMeasurement, "inForceSeconds"> {
  return inForceSeconds == null
    ? {}
    : { inForceSeconds: figureWithin(inForceSeconds.least, inForceSeconds.most) };
}

function primaryOf(role: VictimRole): VictimRole {
  return role.startsWith("worker") ? "worker primary" : "primary";
}

/**
 * The worker groups that were hit, or else the coordinators: whatever lies before these is on the way to them. Shards are
 * moved from any group to any other, by way of the coordinators.
 */
export function groupsHit(
  window: Pick<InjectionWindow, "injection" | "nodes">,
  plan: Pick<RunPlan, "topology" | "injections">,
): readonly string[] {
  const { topology } = plan;
  if (movesShards(window, plan)) return [COORDINATORS, ...groupsWithShards(topology)];
  const layout = { groups: groupsOf(topology) };
  const workers = window.nodes.flatMap((node) => {
    const group = groupOf(layout, node);
    return group?.role === "worker" ? [group.name] : [];
  });
  return workers.length === 0 ? [COORDINATORS] : [...new Set(workers)];
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
  if (handsOver(planned.failureClass)) return role === null ? null : primaryOf(role);
  const ofPostgres = setsOf(planned.victim).every((set) => nodeSets[set] === "postgres");
  if (ofPostgres && !isLink(planned.victim) && another === undefined) return role;
  return possibleRoles(planned.victim, topology, planned.failureClass)[0] ?? null;
}

function probesOf(
  groups: readonly string[],
  kind: ProbeStory["kind"],
  probes: readonly ProbeStory[],
): readonly ProbeStory[] {
  return probes.filter((probe) => probe.kind === kind && groups.includes(probe.group));
}

interface Unserved {
  readonly figure: Figure;
  /** null: there is no probe. */
  readonly story: ProbeStory | null;
}

/** The probe that went unserved for longest; where one is not known, neither is which. Of no probe nothing is known, which is not 0. */
function longestUnserved(
  probes: readonly ProbeStory[],
  window: InjectionWindow,
  withoutProbes: string,
): Unserved {
  const measured = probes.map((story) => ({ story, figure: unavailabilityOf(story, window) }));
  const [longest] = measured.toSorted((a, b) => badness(b.figure) - badness(a.figure));
  return longest ?? { figure: { kind: "withheld", reason: withoutProbes }, story: null };
}

function badness(figure: Figure): number {
  if (figure.kind === "withheld") return Infinity;
  return figure.kind === "at-least" ? 1e6 + figure.value : highestOf(figure);
}

/** What does not need the worker groups that were hit; nothing where the run probes no shards. */
function elsewhere(
  hit: readonly string[],
  window: InjectionWindow,
  probes: readonly ProbeStory[],
): Pick<InjectionMeasurement, "elsewhere"> {
  if (hit.includes(COORDINATORS) || probes.every(({ group }) => group === COORDINATORS)) return {};
  const others = [...new Set(probes.map(({ group }) => group))].filter((group) => !hit.includes(group));
  const all: Figure = { kind: "withheld", reason: "every worker group was hit: no shard is elsewhere" };
  const of = (kind: ProbeStory["kind"]): Figure =>
    others.every((group) => group === COORDINATORS)
      ? all
      : longestUnserved(probesOf(others, kind, probes), window, "the probes touch no other group").figure;
  return { elsewhere: { writeUnavailabilitySeconds: of("write"), readUnavailabilitySeconds: of("read") } };
}

function unavailabilityOf({ samples, seen, alreadyUnserved }: ProbeStory, window: InjectionWindow): Figure {
  const due = countDue(samples, window.faultAtUs, window.windowEndUs);
  return unavailability(window, seen, due, alreadyUnserved);
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
