import { z } from "zod";
import { guardKeyEvents } from "./guard-key-events.ts";
import type { KeyChange } from "./key-change.ts";
import type { ObservedGroup } from "../protocol/observer-spec.ts";
import type { Observing } from "./observing.ts";

/** What is known of the leader keys in etcd, and the revision up to which it is known. */
export interface LeaderKeys {
  /** The first revision that has not been seen yet; null: the keys must be read. */
  revision(): bigint | null;
  /** All keys as they stand at a revision. */
  read(revision: string, keys: readonly KeyChange[]): void;
  /** Changes in order, up to a revision. */
  changed(revision: string, changes: readonly KeyChange[]): void;
  forgetRevision(): void;
}

/**
 * Turns changes of keys below each group's folder, `/service/SCOPE/`, into events: leader-key-set, leader-key-gone, sync-key
 * (whom Patroni lets take the leader key), and a loop-tick each time the leader writes `status`, which it does once a loop if its WAL position has moved. The leader guards' keys are told of
 * as they are: see guard-key-events.ts.
 */
export function leaderKeys(groups: readonly ObservedGroup[], observing: Observing): LeaderKeys {
  const leaders = new Map<string, string>();
  /** By group, the last `sync` that was told, as text. */
  const syncs = new Map<string, string>();
  const guards = guardKeyEvents(groups, observing);
  let next: bigint | null = null;
  let hasRead = false;

  const lead = (group: string, leader: string | null): void => {
    const before = leaders.get(group) ?? null;
    if (before === leader) return;
    const atUs = observing.nowUs();
    if (leader === null) {
      leaders.delete(group);
      observing.emit({ kind: "leader-key-gone", atUs, group, leader: before });
    } else {
      leaders.set(group, leader);
      observing.emit({ kind: "leader-key-set", atUs, group, leader });
    }
  };
  const sync = (group: string, value: string | null): void => {
    const { leader, standbys } = readSyncKey(value);
    const text = JSON.stringify([leader, standbys]);
    if ((syncs.get(group) ?? NO_SYNC) === text) return;
    syncs.set(group, text);
    observing.emit({ kind: "sync-key", atUs: observing.nowUs(), group, leader, standbys });
  };
  const apply = ({ key, value }: KeyChange): void => {
    for (const { group, folder } of groups) {
      if (key === `${folder}leader`) lead(group, value);
      else if (key === `${folder}sync`) sync(group, value);
      else if (key === `${folder}status` && value !== null) {
        observing.emit({ kind: "loop-tick", atUs: observing.nowUs(), group });
      }
    }
  };

  return {
    revision: () => next,
    read: (revision, keys) => {
      for (const { group, folder } of groups) {
        const valueOf = (name: string): string | null =>
          keys.find(({ key }) => key === `${folder}${name}`)?.value ?? null;
        lead(group, valueOf("leader"));
        sync(group, valueOf("sync"));
      }
      guards.read(keys, !hasRead);
      hasRead = true;
      next = BigInt(revision) + 1n;
    },
    changed: (revision, changes) => {
      // The record of a release comes with the end of the key that it is of.
      changes.forEach((change) => guards.changed(change));
      changes.forEach(apply);
      next = BigInt(revision) + 1n;
    },
    forgetRevision: () => {
      next = null;
    },
  };
}

const syncKey = z.object({ leader: z.string().nullish(), sync_standby: z.string().nullish() });
const NO_SYNC = JSON.stringify([null, []]);

/** Patroni 3 and 4 write `{"leader": "a", "sync_standby": "b,c", "quorum": 1}`; nulls where nobody may take over. */
function readSyncKey(value: string | null): {
  readonly leader: string | null;
  readonly standbys: readonly string[];
} {
  const { leader, sync_standby } = syncKey.parse(value === null || value === "" ? {} : JSON.parse(value));
  if (leader == null) return { leader: null, standbys: [] };
  return { leader, standbys: (sync_standby ?? "").split(",").filter((name) => name !== "") };
}
