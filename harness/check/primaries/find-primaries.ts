import type { Micros } from "../../model/clock.ts";
import type { ClusterEvent, EventOf } from "../../model/event.ts";
import type { PrimariesStretch } from "../../model/primaries.ts";
import { couldAcknowledge, type GroupAt } from "./could-acknowledge.ts";
import { type MemberStretch, memberStretches, type Silence } from "./member-stretches.ts";

/** One group, and the part of a recording in which it is looked at. */
export interface WatchedGroup {
  readonly group: string;
  readonly members: readonly string[];
  /** Of this group's cluster alone, from its bringing up on. */
  readonly events: readonly ClusterEvent[];
  readonly silences: ReadonlyMap<string, readonly Silence[]>;
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/**
 * Stretches in which more than one member was writable, or may have been: from change to change of what the members
 * were and whether they could acknowledge. Exact to one interval of the observer at either end.
 */
export function findPrimaries(watched: WatchedGroup): Omit<PrimariesStretch, "acknowledged">[] {
  const { group, members, events, silences, fromUs, toUs } = watched;
  const ofGroup = [...events].sort((a, b) => a.atUs - b.atUs);
  const states = ofGroup.filter(
    (event): event is EventOf<"postgres-state"> => event.kind === "postgres-state" && event.group === group,
  );
  const told = ofGroup.filter(
    (event): event is EventOf<"replication-state"> =>
      event.kind === "replication-state" && event.group === group,
  );
  const blind = ofGroup.flatMap((event) =>
    event.kind === "observer-stood-still" ? [{ fromUs: event.fromUs, toUs: event.atUs }] : [],
  );
  const stretches = new Map(
    members.map((member) => {
      const own = states.filter((state) => state.member === member);
      return [member, memberStretches(own, silences.get(member) ?? [], fromUs, toUs, blind)];
    }),
  );
  const cuts = [
    ...[...stretches.values()].flat().flatMap((stretch) => [stretch.fromUs, stretch.toUs]),
    ...told.map(({ atUs }) => atUs).filter((atUs) => atUs > fromUs && atUs < toUs),
  ];
  const moments = [...new Set(cuts)].sort((a, b) => a - b);
  const found: Omit<PrimariesStretch, "acknowledged">[] = [];
  const at = cursor(stretches);
  for (const [index, beginUs] of moments.slice(0, -1).entries()) {
    const endUs = moments[index + 1] ?? toUs;
    const primaries = primariesOf(at(beginUs), told, beginUs);
    if (primaries.writable.length + primaries.unseen.length < 2) continue;
    const last = found.at(-1);
    if (last?.toUs === beginUs && isSame(last, primaries)) found.splice(-1, 1, { ...last, toUs: endUs });
    else found.push({ fromUs: beginUs, toUs: endUs, ...primaries });
  }
  return found;
}

type Primaries = Pick<PrimariesStretch, "writable" | "unseen" | "able" | "perhapsAble">;

function primariesOf(group: GroupAt, told: readonly EventOf<"replication-state">[], atUs: Micros): Primaries {
  const names = [...group.keys()];
  const able = new Map(names.map((name) => [name, couldAcknowledge(name, group, told, atUs)]));
  return {
    writable: names.filter((name) => group.get(name)?.is === "writable"),
    unseen: names.filter((name) => group.get(name)?.is === "unseen"),
    able: names.filter((name) => able.get(name) === "yes"),
    perhapsAble: names.filter((name) => able.get(name) === "perhaps"),
  };
}

function isSame(one: Primaries, other: Primaries): boolean {
  return (["writable", "unseen", "able", "perhapsAble"] as const).every(
    (key) => one[key].join() === other[key].join(),
  );
}

/** What every member is at a moment; asked for moments that ascend. */
function cursor(stretches: ReadonlyMap<string, readonly MemberStretch[]>): (atUs: Micros) => GroupAt {
  const positions = new Map<string, number>();
  return (atUs) =>
    new Map(
      [...stretches].flatMap(([member, own]) => {
        let position = positions.get(member) ?? 0;
        while ((own[position]?.toUs ?? Infinity) <= atUs) position += 1;
        positions.set(member, position);
        const stretch = own[position];
        return stretch === undefined ? [] : [[member, stretch] as const];
      }),
    );
}
