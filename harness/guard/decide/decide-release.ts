import type { Vote } from "../protocol/guard-spec.ts";
import type { LeaderKey } from "./watch-leader.ts";

/** A key as it was read: its value, and the revision of etcd at which it was last changed. */
export interface ReadKey {
  readonly value: string;
  readonly revision: string;
}

/** What one linearizable read of a group's keys said, all of it at one revision of etcd. */
export interface GroupKeys {
  /** With the lease that it hangs on. */
  readonly leader: (ReadKey & { readonly lease: string }) | null;
  readonly config: ReadKey | null;
  /** Whom Patroni takes for synchronous standbys. */
  readonly sync: ReadKey | null;
  readonly initialize: ReadKey | null;
  /** What the leader's Patroni has told of its member; null: nothing. */
  readonly leaderMember: ReadKey | null;
  readonly votes: Readonly<Record<string, ReadKey>>;
  readonly elected: ReadKey | null;
  readonly acted: ReadKey | null;
  /** What the guards did last. */
  readonly release: ReadKey | null;
}

/** Who decides. */
export interface Guardians {
  readonly me: string;
  readonly guards: readonly string[];
  /** The identifier of the system that is guarded. */
  readonly systemIdentifier: string;
  /** Does this guard, now, take the leader to be gone? */
  readonly ownOpinion: { readonly gone: boolean };
}

/** A release that all rules allow, as far as what was read still holds: the transaction compares each key that it names. */
export interface Release {
  readonly leader: LeaderKey & { readonly lease: string };
  readonly config: ReadKey;
  readonly sync: ReadKey;
  readonly initialize: ReadKey;
  readonly leaderMember: ReadKey | null;
  readonly elected: ReadKey;
  /** Those that agree, by guard. */
  readonly votes: Readonly<Record<string, { readonly vote: Vote; readonly revision: string }>>;
  readonly why: string;
}

/**
 * May this guard delete the leader key now? Pure. Every rule is here; what may have changed since the keys were read is
 * left to the transaction, which fails then.
 *
 * Only where Patroni's configuration makes an old primary that wakes up harmless: synchronous_mode on, and a synchronous
 * standby, without whose confirmation it acknowledges nothing. Without a synchronous standby Patroni would promote nobody either.
 */
export function decideRelease(
  keys: GroupKeys,
  { me, guards, systemIdentifier, ownOpinion }: Guardians,
): { readonly release: Release } | { readonly why: string } {
  const { leader, config, sync, initialize, elected } = keys;
  const no = (why: string): { readonly why: string } => ({ why });
  if (leader === null) return no("there is no leader key");
  if (elected?.value !== me) return no(`${elected?.value ?? "nobody"} is elected to act`);
  if (!ownOpinion.gone) return no("this guard itself does not take the leader to be gone");
  const agreed = votesFor(keys, guards);
  const majority = Math.floor(guards.length / 2) + 1;
  const count = Object.keys(agreed).length;
  if (!Object.hasOwn(agreed, me)) return no("this guard's own vote is not in etcd");
  if (count < majority) return no(`${count} of ${guards.length} guards agree, and ${majority} must`);
  if (initialize?.value !== systemIdentifier)
    return no(`system ${systemIdentifier} is guarded, and the scope has ${initialize?.value ?? "none"}`);
  if (keys.acted !== null)
    return no(`a leader key of this group was deleted shortly ago (${keys.acted.value})`);
  if (isRecordOf(keys.release, leader)) return no("this leader key was dealt with already");
  const unsafe = config === null ? "Patroni's configuration is not in etcd" : whyUnsafe(config.value);
  if (config === null || unsafe !== null) return no(unsafe ?? "");
  const alone = whyAlone(sync, leader.value);
  if (sync === null || alone !== null) return no(alone ?? "");
  return {
    release: {
      leader: { name: leader.value, revision: leader.revision, lease: leader.lease },
      config,
      sync,
      initialize,
      leaderMember: keys.leaderMember,
      elected,
      votes: agreed,
      why: `${count} of ${guards.length} guards agree that the node of ${leader.value} is gone`,
    },
  };
}

/** Votes for this very leader key, of these guards. What does not read as a vote is none. */
export function votesFor(
  { votes, leader }: Pick<GroupKeys, "votes" | "leader">,
  guards: readonly string[],
): Readonly<Record<string, { readonly vote: Vote; readonly revision: string }>> {
  const agreed: Record<string, { vote: Vote; revision: string }> = {};
  if (leader === null) return agreed;
  for (const guard of guards) {
    const key = votes[guard];
    const vote = key === undefined ? null : (readJson(key.value) as Partial<Vote> | null);
    if (key === undefined || vote === null) continue;
    const { leader: name, leaderRevision, silentForMs = 0, seen = "" } = vote;
    if (name !== leader.value || leaderRevision !== leader.revision) continue;
    agreed[guard] = { vote: { leader: name, leaderRevision, silentForMs, seen }, revision: key.revision };
  }
  return agreed;
}

/**
 * Why a leader of a group with this configuration (Patroni's key `config`) must not be replaced early; null where it may.
 * Patroni takes for `on` what reads as true. With `quorum` (from version 4.0) any of the listed standbys confirms, and one that has not heard
 * of the new primary yet does so for the old one.
 */
export function whyUnsafe(config: string): string | null {
  const read = readJson(config) as { readonly pause?: unknown } | null;
  if (read !== null && isTrue(read.pause)) return "Patroni is in maintenance mode (pause)";
  return whyUnsafeMode(config);
}

/** The same, as long as it is not in maintenance mode, which ends. */
export function whyUnsafeMode(config: string): string | null {
  const read = readJson(config) as { readonly synchronous_mode?: unknown } | null;
  if (read === null) return "Patroni's configuration in etcd is not readable";
  const mode = read.synchronous_mode;
  if (isTrue(mode)) return null;
  if (String(mode).toLowerCase() === "quorum")
    return 'synchronous_mode is "quorum": an old primary that wakes up could acknowledge writes that are lost, confirmed by a standby that does not follow the new primary yet';
  return `replication is asynchronous (synchronous_mode ${JSON.stringify(mode ?? false)}): an old primary that wakes up could acknowledge writes that are lost`;
}

/** Why the leader might acknowledge alone, or nobody could take over; null where a synchronous standby stands beside it. */
function whyAlone(sync: ReadKey | null, leader: string): string | null {
  const read =
    sync === null
      ? null
      : (readJson(sync.value) as { readonly leader?: unknown; readonly sync_standby?: unknown } | null);
  if (read === null) return "Patroni's key of synchronous standbys is not there, or not readable";
  if (read.leader !== leader) return `Patroni's synchronous standbys are those of ${String(read.leader)}`;
  const standbys = typeof read.sync_standby === "string" ? read.sync_standby : "";
  if (standbys.split(",").every((name) => name.trim() === "" || name.trim() === leader))
    return `${leader} has no synchronous standby: it may acknowledge alone, and nobody would be promoted`;
  return null;
}

/** Is it the record of what was done to this very leader key? */
export function isRecordOf(record: ReadKey | null, { revision }: Pick<ReadKey, "revision">): boolean {
  if (record === null) return false;
  const read = readJson(record.value) as { readonly leaderRevision?: unknown } | null;
  return read?.leaderRevision === revision;
}

/**
 * What a member's key would be if it must not become primary, by its tag `nofailover`: candidates do not ask such a member. null:
 * the key does not read as a member's.
 */
export function withoutFailover(member: ReadKey): string | null {
  const read = readJson(member.value) as { readonly tags?: object } | null;
  return read === null ? null : JSON.stringify({ ...read, tags: { ...read.tags, nofailover: true } });
}

/** As Patroni reads a switch (patroni/utils.py, parse_bool). */
function isTrue(value: unknown): boolean {
  return ["on", "true", "yes", "1"].includes(String(value).toLowerCase());
}

/** An object; null where the text is none. */
function readJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
