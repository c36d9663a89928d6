import { LEASE_FRESH_MS } from "../../model/topology.ts";
import type { GuardSettings, Vote } from "../protocol/guard-spec.ts";

/** Signs of life that a node is asked for. */
export const signs = ["heartbeat", "rest", "postgres"] as const;
export type Sign = (typeof signs)[number];

/** A group's leader key, as it was read from etcd. */
export interface LeaderKey {
  readonly name: string;
  readonly revision: string;
}

/** Whether this guard takes the leader's node to be gone, and why or why not. */
export type Opinion =
  { readonly gone: true; readonly vote: Vote } | { readonly gone: false; readonly why: string };

/** Of a node that stays away, the later asks say nothing new. */
const MOST_KEPT = 100;

interface Sighting {
  /** The last sign of life; or, before the first, when the guard began to look. */
  readonly sinceMs: number;
  /** When it was asked since then, the first times: none of these asks has been answered. */
  readonly askedAtMs: Readonly<Record<Sign, number[]>>;
}

/**
 * What one guard has seen of one group, and what it concludes. Pure: all times are the guard's own monotonic clock, handed
 * in. Silence is only what the guard asked for and did not get while it was itself awake: from a stretch in which it stood still
 * nothing follows, and everybody starts anew. So does a leader that has just got the key.
 */
export class LeaderWatch {
  readonly #settings: Pick<GuardSettings, "goneAfterMs" | "askEveryMs">;
  readonly #sightings: Map<string, Sighting>;
  #leader: LeaderKey | null = null;
  #awakeAtMs: number;

  constructor(
    members: readonly string[],
    settings: Pick<GuardSettings, "goneAfterMs" | "askEveryMs">,
    nowMs: number,
  ) {
    this.#settings = settings;
    this.#awakeAtMs = nowMs;
    this.#sightings = new Map(members.map((member) => [member, sightingAt(nowMs)]));
  }

  /** To be called at least every `askEveryMs`: that it was not is how a guard knows that it stood still. */
  awake(nowMs: number): void {
    const { askEveryMs, goneAfterMs } = this.#settings;
    if (nowMs - this.#awakeAtMs > Math.min(2 * askEveryMs, goneAfterMs / 2)) this.#forget(nowMs);
    this.#awakeAtMs = nowMs;
  }

  /** The leader key as it was just read; null: there is none. */
  leaderIs(leader: LeaderKey | null, nowMs: number): void {
    const before = this.#leader;
    this.#leader = leader;
    if (leader === null) return;
    if (before?.name !== leader.name || before.revision !== leader.revision) this.alive(leader.name, nowMs);
  }

  /** A member answered. */
  alive(member: string, nowMs: number): void {
    if (this.#sightings.has(member)) this.#sightings.set(member, sightingAt(nowMs));
  }

  /** A member is asked. */
  asked(member: string, sign: Sign, nowMs: number): void {
    const asked = this.#sightings.get(member)?.askedAtMs[sign];
    if (asked !== undefined && asked.length < MOST_KEPT) asked.push(nowMs);
  }

  /** How long a member has given no sign of life. */
  silentForMs(member: string, nowMs: number): number {
    const sighting = this.#sightings.get(member);
    return sighting === undefined ? 0 : nowMs - sighting.sinceMs;
  }

  /**
   * `leaseAgeMs`: the least time since the leader's lease was renewed, by etcd's own account; null where etcd did not say.
   */
  opinion(nowMs: number, leaseAgeMs: number | null): Opinion {
    const leader = this.#leader;
    const no = (why: string): Opinion => ({ gone: false, why });
    if (leader === null) return no("there is no leader");
    const sighting = this.#sightings.get(leader.name);
    if (sighting === undefined) return no(`the leader ${leader.name} is no member that is guarded`);
    const silentForMs = nowMs - sighting.sinceMs;
    const { goneAfterMs } = this.#settings;
    if (silentForMs < goneAfterMs) return no(`${leader.name} gave a sign of life ${silentForMs} ms ago`);
    if (nowMs - this.#awakeAtMs > goneAfterMs / 2) return no("this guard stood still itself");
    const unanswered = (sign: Sign): number =>
      sighting.askedAtMs[sign].filter((atMs) => nowMs - atMs >= goneAfterMs / 2).length;
    for (const sign of signs) {
      // Patroni and PostgreSQL are asked only once heart-beats stay away.
      const least = sign === "heartbeat" ? this.#leastUnanswered() : 1;
      if (unanswered(sign) < least)
        return no(`${leader.name} was asked too seldom: ${unanswered(sign)} of ${least} times for ${sign}`);
    }
    if (leaseAgeMs === null) return no("etcd did not say when the leader's lease was renewed");
    if (leaseAgeMs < LEASE_FRESH_MS)
      return no(`the lease of ${leader.name} was renewed less than ${LEASE_FRESH_MS} ms ago`);
    const silent = [...this.#sightings.keys()].filter(
      (member) => this.silentForMs(member, nowMs) >= goneAfterMs,
    );
    if (silent.length * 2 > this.#sightings.size)
      return no(
        `more than half of the group is silent (${silent.join(", ")}): it is rather this guard that is cut off`,
      );
    return {
      gone: true,
      vote: {
        leader: leader.name,
        leaderRevision: leader.revision,
        silentForMs: Math.round(silentForMs),
        seen:
          `no heart-beat (${unanswered("heartbeat")} asks), no answer of Patroni (${unanswered("rest")} asks), none of PostgreSQL (${unanswered("postgres")} asks), ` +
          `lease not renewed for ${leaseAgeMs} ms or more; ${this.#sightings.size - silent.length} of ` +
          `${this.#sightings.size} members answer`,
      },
    };
  }

  /** Heart-beats asked for that must be half of `goneAfterMs` old: all that are sent by then, but for one that was late. */
  #leastUnanswered(): number {
    const { goneAfterMs, askEveryMs } = this.#settings;
    return Math.max(1, Math.floor(goneAfterMs / 2 / askEveryMs) - 1);
  }

  #forget(nowMs: number): void {
    for (const member of this.#sightings.keys()) this.#sightings.set(member, sightingAt(nowMs));
  }
}

function sightingAt(sinceMs: number): Sighting {
  return { sinceMs, askedAtMs: { heartbeat: [], rest: [], postgres: [] } };
}
