import type { Micros } from "../model/clock.ts";
import { type ClusterEvent, type EventOf, isPrimaryState } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import type { Episode, HopName } from "../model/measurement.ts";
import { leaderAt } from "./leader-at.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** When a hop was seen, and by which event; with null, `evidence` says why it was not. */
export interface ObservedStep {
  readonly atUs: Micros | null;
  readonly evidence: string;
}

export interface ObservedSteps {
  readonly inOrder: readonly (readonly [Exclude<HopName, "first-success">, ObservedStep])[];
  /** Who took over from the primary before; null where nobody else did. */
  readonly newPrimary: string | null;
  /** When somebody was seen to be primary again; null: never. */
  readonly promotedAtUs: Micros | null;
}

/**
 * Observers look at intervals of some 50 to 500 ms, so that an event may be seen a little after the success that it
 * made possible. Microseconds.
 */
export const observerSlackUs = 1_000_000;

/** Looks for each hop's event between the fault and shortly after the first lasting success. */
export function observedSteps(
  window: InjectionWindow,
  episode: Episode | undefined,
  events: readonly ClusterEvent[],
  group: string,
): ObservedSteps {
  const untilUs = Math.min(window.windowEndUs, (episode?.toUs ?? Infinity) + observerSlackUs);
  const story = events.filter(({ atUs }) => atUs >= window.faultAtUs && atUs <= untilUs);
  const before = leaderAt(events, group, window.faultAtUs);

  const leaseGone = seeLeaseGone(story, group, before);
  // The key's new owner is the new primary where writes were served afterwards, whoever saw its promotion.
  const newOwner = episode === undefined || episode.toUs === null ? null : keyTakenBy(story, group, before);
  const inPlace = newOwner === null ? seeReturn(story, group, before) : null;
  const promoted = seeTakeover(story, group, before, membersOf(events, group)) ?? inPlace ?? unpromoted;
  const member = promoted.member ?? newOwner ?? before;
  const proxyUp = seeProxyUp(story, member, promoted.step.atUs);
  const poolerFromUs = proxyUp.atUs ?? promoted.step.atUs ?? window.faultAtUs;
  return {
    inOrder: [
      ["noticed", seeNoticed(story, group, before)],
      ...seeReleased(events, story, group),
      ["lease-gone", leaseGone],
      ["promoted", promoted.step],
      // Proxy and poolers stand before the coordinators alone, which have to find a worker's new primary themselves.
      ...(group === COORDINATORS
        ? ([
            ["proxy-up", proxyUp],
            ["pooler", seePooler(story, poolerFromUs, episode?.toUs ?? Infinity)],
          ] as const)
        : seeCoordinatorTold(events, story, member, before)),
    ],
    newPrimary: member === before ? null : member,
    promotedAtUs: promoted.step.atUs,
  };
}

/** The first sign that the primary is not well: HAProxy, its Patroni, the leader key, or the monitor of pg_auto_failover. */
function seeNoticed(story: readonly ClusterEvent[], group: string, primary: string | null): ObservedStep {
  for (const event of story) {
    const { atUs } = event;
    if (
      event.kind === "proxy-server" &&
      event.backend === "read_write" &&
      event.server === primary &&
      !event.up
    ) {
      return { atUs, evidence: `haproxy: ${primary} ${event.status} in read_write` };
    }
    if (event.kind === "member-state" && event.member === primary && !isWell(event.role, event.state)) {
      const state = event.state === event.role ? event.role : `${event.role}, ${event.state}`;
      return { atUs, evidence: `patroni: ${primary} is ${state}` };
    }
    if (event.kind === "monitored-node" && event.member === primary) {
      if (!event.healthy) return { atUs, evidence: `monitor: ${primary} is not healthy` };
      if (!isPrimaryState(event.assigned)) return { atUs, evidence: assignedOtherwise(event) };
    }
    if (event.kind === "leader-key-gone" && event.group === group) {
      return { atUs, evidence: `etcd: leader key of ${group} gone` };
    }
    if (event.kind === "leader-key-set" && event.group === group && event.leader !== primary) {
      return { atUs, evidence: `etcd: leader key of ${group} taken by ${event.leader}` };
    }
  }
  return { atUs: null, evidence: "no observer saw the primary unwell" };
}

function isWell(role: string, state: string): boolean {
  return role === "primary" && state === "running";
}

/** In pg_auto_failover's words: the monitor no longer wants it to be the primary. */
function assignedOtherwise({ member, assigned }: EventOf<"monitored-node">): string {
  return `monitor: ${member} is to become ${assigned}`;
}

/** Left out where no guard looks at the group: a worker's replication is mostly asynchronous, and then it is not guarded. */
function seeReleased(
  events: readonly ClusterEvent[],
  story: readonly ClusterEvent[],
  group: string,
): readonly (readonly ["released", ObservedStep])[] {
  if (!events.some((event) => event.kind === "guard-state" && event.group === group)) return [];
  const event = story.find(
    (event): event is EventOf<"leader-key-released"> =>
      event.kind === "leader-key-released" && event.group === group && !event.dryRun,
  );
  const evidence =
    event === undefined
      ? "the guards deleted no leader key"
      : `${event.by}: deleted the leader key of ${event.leader}, ${event.why}`;
  return [["released", { atUs: event?.atUs ?? null, evidence }]];
}

/**
 * Its lease ended, its owner gave it up (a switchover or a crash), or another took it over; with pg_auto_failover, which has
 * no lease, the monitor took its part away.
 */
function seeLeaseGone(story: readonly ClusterEvent[], group: string, primary: string | null): ObservedStep {
  for (const event of story) {
    const { atUs } = event;
    if (event.kind === "leader-key-gone" && event.group === group) {
      return { atUs, evidence: `etcd: leader key of ${group} gone` };
    }
    if (event.kind === "leader-key-set" && event.group === group && event.leader !== primary) {
      return { atUs, evidence: `etcd: leader key of ${group} handed to ${event.leader}` };
    }
    if (event.kind === "monitored-node" && event.member === primary && !isPrimaryState(event.assigned)) {
      return { atUs, evidence: assignedOtherwise(event) };
    }
  }
  const kept = story.some(({ kind }) => kind === "monitored-node") ? "its state" : "the leader key";
  return { atUs: null, evidence: `${primary ?? "the leader"} kept ${kept}` };
}

interface Promotion {
  readonly step: ObservedStep;
  readonly member: string | null;
}

const unpromoted: Promotion = {
  step: { atUs: null, evidence: "no member was seen to become writable" },
  member: null,
};

/**
 * The first sign that another member is primary, whoever saw it first: its own writable answer, its Patroni, or HAProxy,
 * which asks that Patroni and has it up for writes. Each looks at intervals of its own.
 */
function seeTakeover(
  story: readonly ClusterEvent[],
  group: string,
  primary: string | null,
  members: ReadonlySet<string>,
): Promotion | null {
  // pg_auto_failover ends a standby's recovery first, and lets writes in when the old primary's time to stop is over.
  const byMonitor = story.some((event) => event.kind === "monitored-node" && event.group === group);
  for (const event of story) {
    const { atUs } = event;
    if (event.kind === "monitored-node" && event.group === group && event.member !== primary) {
      if (isPrimaryState(event.reported)) {
        return {
          step: { atUs, evidence: `monitor: ${event.member} is ${event.reported}` },
          member: event.member,
        };
      }
    }
    if (!byMonitor && event.kind === "postgres-state" && event.group === group && event.member !== primary) {
      if (event.reachable && event.inRecovery === false) {
        const evidence = `postgres: ${event.member} is not in recovery`;
        return { step: { atUs, evidence }, member: event.member };
      }
    }
    if (event.kind === "member-state" && event.group === group && event.member !== primary) {
      if (isWell(event.role, event.state)) {
        return { step: { atUs, evidence: `patroni: ${event.member} is primary` }, member: event.member };
      }
    }
    if (event.kind === "proxy-server" && event.backend === "read_write" && event.server !== primary) {
      if (event.up && members.has(event.server)) {
        const evidence = `haproxy: ${event.server} ${event.status} in read_write`;
        return { step: { atUs, evidence }, member: event.server };
      }
    }
  }
  return null;
}

/**
 * The same member writable again: a restart in place. A look at the old primary just before it stopped is not an answer
 * of its return: it must have been away first.
 */
function seeReturn(story: readonly ClusterEvent[], group: string, primary: string | null): Promotion | null {
  let away = false;
  for (const event of story) {
    if (event.kind !== "postgres-state" || event.group !== group || event.member !== primary) continue;
    const writable = event.reachable && event.inRecovery === false;
    if (writable && away) {
      const evidence = `postgres: ${event.member} is not in recovery again (restarted in place)`;
      return { step: { atUs: event.atUs, evidence }, member: event.member };
    }
    if (!writable) away = true;
  }
  return null;
}

function keyTakenBy(story: readonly ClusterEvent[], group: string, primary: string | null): string | null {
  const owner = story.findLast(
    (event): event is EventOf<"leader-key-set"> => event.kind === "leader-key-set" && event.group === group,
  )?.leader;
  return owner === undefined || owner === primary ? null : owner;
}

/** Those that an observer has looked at: HAProxy's servers are named after members, of whatever group. */
function membersOf(events: readonly ClusterEvent[], group: string): ReadonlySet<string> {
  const members = new Set<string>();
  for (const event of events) {
    if ((event.kind === "postgres-state" || event.kind === "member-state") && event.group === group) {
      members.add(event.member);
    }
  }
  return members;
}

function seeProxyUp(
  story: readonly ClusterEvent[],
  primary: string | null,
  promotedAtUs: Micros | null,
): ObservedStep {
  for (const event of story) {
    if (event.kind !== "proxy-server" || event.backend !== "read_write" || event.server !== primary) continue;
    // HAProxy may see it a moment before the observer of PostgreSQL does, but not before it was away.
    if (event.up && event.atUs >= (promotedAtUs ?? 0) - observerSlackUs) {
      return { atUs: event.atUs, evidence: `haproxy: ${event.server} ${event.status} in read_write` };
    }
  }
  return { atUs: null, evidence: `haproxy did not mark ${primary ?? "a primary"} up in read_write` };
}

/**
 * Citus finds a worker by its row in pg_dist_node, which Patroni updates on the coordinators' primary; the others have it
 * by replication. Left out where nobody keeps such rows: postgres_fdw asks a group's hosts itself which of them is primary.
 */
function seeCoordinatorTold(
  events: readonly ClusterEvent[],
  story: readonly ClusterEvent[],
  primary: string | null,
  before: string | null,
): readonly (readonly ["coordinator-told", ObservedStep])[] {
  if (!events.some(({ kind }) => kind === "citus-nodes")) return [];
  return [["coordinator-told", toldIn(events, story, primary, before)]];
}

function toldIn(
  events: readonly ClusterEvent[],
  story: readonly ClusterEvent[],
  primary: string | null,
  before: string | null,
): ObservedStep {
  const who = primary ?? "a primary";
  if (primary === before) return { atUs: null, evidence: `pg_dist_node named ${who} all the time` };
  for (const event of story) {
    if (event.kind !== "citus-nodes" || !namesPrimary(event, primary)) continue;
    const coordinator = leaderAt(events, COORDINATORS, event.atUs);
    if (coordinator !== null && coordinator !== event.member) continue;
    return {
      atUs: event.atUs,
      evidence: `pg_dist_node on ${event.member}: ${who} is the primary of its group`,
    };
  }
  return { atUs: null, evidence: `pg_dist_node on the coordinators' primary was not seen to name ${who}` };
}

function namesPrimary({ nodes }: EventOf<"citus-nodes">, host: string | null): boolean {
  return nodes.some((node) => node.role === "primary" && node.host === host);
}

function seePooler(story: readonly ClusterEvent[], fromUs: Micros, untilUs: Micros): ObservedStep {
  for (const event of story) {
    if (event.kind !== "connection-made" || event.stream !== "write-probe" || event.endpoint !== "readWrite")
      continue;
    if (event.atUs >= fromUs && event.atUs <= untilUs) {
      return { atUs: event.atUs, evidence: "write-probe: connected through the client's way in" };
    }
  }
  return { atUs: null, evidence: "the write probe made no new connection in between" };
}
