import { failureTraits } from "../../model/advice.ts";
import type { History } from "../../model/checker.ts";
import type { Micros } from "../../model/clock.ts";
import type { ClusterEvent, EventOf } from "../../model/event.ts";
import { groupsOf } from "../../model/layout.ts";
import { lastEndUs } from "../../model/samples.ts";
import type { Topology } from "../../model/topology.ts";
import type { WatchedGroup } from "./find-primaries.ts";
import type { Silence } from "./member-stretches.ts";

/** A group with more than one member, and the variant of the benchmark that it belongs to. */
export interface GroupOfVariant extends WatchedGroup {
  readonly variant: string;
}

/** Every group of several members, of every cluster of a run, from when it was ready to the end of its load. */
export function watchedGroups(history: History): GroupOfVariant[] {
  return clustersOf(history).flatMap(({ variant, topology, events }) => {
    const ready = events.find(({ kind }) => kind === "cluster-ready");
    const toUs = endOfLoad(history, events);
    if (ready === undefined || toUs <= ready.atUs) return [];
    const silences = silencesIn(history, events, toUs);
    return groupsOf(topology)
      .filter(({ members }) => members.length > 1)
      .map(({ name, members }) => ({
        variant,
        group: name,
        members,
        events,
        silences,
        fromUs: ready.atUs,
        toUs,
      }));
  });
}

interface ClusterOfRun {
  readonly variant: string;
  readonly topology: Topology;
  readonly events: readonly ClusterEvent[];
}

/** The clusters of a benchmark's variants have members of the same names, one after the other. */
function clustersOf({ plan, events }: History): ClusterOfRun[] {
  const sorted = [...events].sort((a, b) => a.atUs - b.atUs);
  const begun = sorted.filter((event): event is EventOf<"variant"> => event.kind === "variant");
  if (plan.benchmark === null || begun.length === 0) {
    return [{ variant: "", topology: plan.topology, events: sorted }];
  }
  return begun.flatMap((own, index): ClusterOfRun[] => {
    const planned = plan.benchmark?.variants.find(({ name }) => name === own.variant);
    const untilUs = begun[index + 1]?.atUs ?? Infinity;
    if (planned === undefined) return [];
    const during = sorted.filter(({ atUs }) => atUs >= own.atUs && atUs < untilUs);
    return [{ variant: own.variant, topology: planned.topology, events: during }];
  });
}

/** What the harness did last, or what was last answered: after that the cluster is taken down. */
function endOfLoad({ plan, samples }: History, events: readonly ClusterEvent[]): Micros {
  const done = events.filter(({ kind }) => ["phase", "injection", "stage", "ledger-read"].includes(kind));
  const doneUs = done.at(-1)?.atUs ?? 0;
  if (plan.load === null) return doneUs;
  return [...samples.values()].reduce((latest, own) => Math.max(latest, lastEndUs(own)), doneUs);
}

function silencesIn(
  { plan }: History,
  events: readonly ClusterEvent[],
  endUs: Micros,
): ReadonlyMap<string, readonly Silence[]> {
  const silences = new Map<string, Silence[]>();
  for (const { injection, failureClass } of plan.injections) {
    if (!failureTraits[failureClass].silences) continue;
    const own = events.filter(
      (event): event is EventOf<"injection"> => event.kind === "injection" && event.injection === injection,
    );
    const injected = own.find(({ moment }) => moment === "injected");
    if (injected === undefined) continue;
    const after = (moment: string): Micros =>
      own.find((event) => event.moment === moment && event.atUs >= injected.atUs)?.atUs ?? endUs;
    const healingUs = after("healing");
    const endsStopped = failureClass === "node-loss";
    for (const node of injected.nodes ?? [injected.victim]) {
      const toUs = endsStopped ? startedAnew(events, node, healingUs, endUs) : healingUs;
      const before = silences.get(node) ?? [];
      silences.set(node, [...before, { fromUs: injected.atUs, toUs, endsStopped }]);
    }
  }
  return silences;
}

/**
 * In a container that was killed nothing runs until it was started again, and then no PostgreSQL before its Patroni says
 * that it starts it.
 */
function startedAnew(
  events: readonly ClusterEvent[],
  member: string,
  healingUs: Micros,
  endUs: Micros,
): Micros {
  const sign = events.find(
    (event) =>
      event.atUs >= healingUs &&
      (event.kind === "member-state"
        ? event.member === member && !beforeStart.has(event.state)
        : event.kind === "postgres-state" && event.member === member && whatIsTold(event)),
  );
  return sign?.atUs ?? endUs;
}

/** Patroni's words for a PostgreSQL that it has not started yet. */
const beforeStart: ReadonlySet<string> = new Set(["unreachable", "stopped"]);

function whatIsTold({ reachable, absence }: EventOf<"postgres-state">): boolean {
  return reachable || absence?.why === "refused";
}
