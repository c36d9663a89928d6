import type { Micros } from "../../model/clock.ts";
import type { EventOf } from "../../model/event.ts";
import type { MemberStretch } from "./member-stretches.ts";

/** What each member of a group is at one moment. */
export type GroupAt = ReadonlyMap<string, MemberStretch>;

/**
 * Could a commit on this member be acknowledged at this moment? One that waits for no standby can always be. One that
 * waits can be as far as enough standbys confirm it: those that say themselves that they receive from it, for what a
 * primary says of its standbys may be old news on one that was frozen or cut off. A standby that it does not list in
 * synchronous_standby_names cannot confirm. A primary that is not seen for a while is taken to wait for as many as when it
 * was seen last, and for those that it lists then or next, unless it is seen to wait for none next.
 */
export function couldAcknowledge(
  member: string,
  group: GroupAt,
  told: readonly EventOf<"replication-state">[],
  atUs: Micros,
): "yes" | "no" | "perhaps" {
  const own = group.get(member);
  if (own === undefined || own.is === "off" || own.is === "standby" || own.cutOff === true) return "no";
  const isSeen = own.is === "writable" && own.inferred !== true;
  const last = told.findLast((event) => event.primary === member && event.atUs <= atUs);
  const next = told.find((event) => event.primary === member && event.atUs > atUs);
  if (last?.commitsWaitFor === undefined) return "perhaps";
  const change = !isSeen && next !== undefined && next.atUs <= own.toUs ? next : null;
  if (!isSeen) {
    const known = own.is === "writable" || own.was === "writable";
    if (!known || change?.commitsWaitFor === 0) return "perhaps";
  }
  const certainly = own.is === "writable" ? "yes" : "perhaps";
  if (last.commitsWaitFor === 0) return certainly;
  const lists = [last, ...(change === null ? [] : [change])].map(({ canConfirm }) => canConfirm);
  const isListed = (standby: string): boolean =>
    lists.some((list) => list === undefined || list.includes(standby));
  const standbys = [...group.keys()].filter((other) => other !== member && isListed(other));
  const of = (answer: ReturnType<typeof receives>): string[] =>
    standbys.filter((standby) => receives(standby, member, group) === answer);
  const sure = of("yes").filter((standby) => last.synchronous.includes(standby));
  if (sure.length >= last.commitsWaitFor) return certainly;
  return standbys.length - of("no").length < last.commitsWaitFor ? "no" : "perhaps";
}

function receives(standby: string, primary: string, group: GroupAt): "yes" | "no" | "perhaps" {
  const { is, receivesFrom, cutOff }: Pick<MemberStretch, "is" | "receivesFrom" | "cutOff"> = group.get(
    standby,
  ) ?? { is: "unseen" };
  if (is === "writable" || is === "off" || cutOff === true) return "no";
  if (is === "unseen" || receivesFrom === undefined) return "perhaps";
  if (receivesFrom === null) return "no";
  if (receivesFrom === primary) return "yes";
  return group.has(receivesFrom) ? "no" : "perhaps";
}
