import { guardKeys, type ReleaseRecord } from "../../guard/protocol/guard-spec.ts";
import type { KeyChange } from "./key-change.ts";
import type { ObservedGroup } from "../protocol/observer-spec.ts";
import type { Observing } from "./observing.ts";

/** What is known of the leader guards' keys. */
export interface GuardKeyEvents {
  /** All keys as they stand. `isFirst`: what was done before the watching began is no news. */
  read(keys: readonly KeyChange[], isFirst: boolean): void;
  changed(change: KeyChange): void;
}

/**
 * Turns changes of keys below each group's folder, `/leader-guard/SCOPE/`, into events: which guards look at it, what they did
 * to its leader key (by the record that they write in the same transaction), and whether they may do so again.
 */
export function guardKeyEvents(groups: readonly ObservedGroup[], observing: Observing): GuardKeyEvents {
  /** Keys on leases, of which the coming and the going are told. */
  const standing = new Set<string>();
  const told = new Set<string>();

  /** Whether it has come or gone since it was seen last. */
  const turned = (key: string, stands: boolean): boolean => {
    if (standing.has(key) === stands) return false;
    if (stands) standing.add(key);
    else standing.delete(key);
    return true;
  };
  const look = (key: string, group: string, guard: string, watching: boolean): void => {
    if (turned(key, watching))
      observing.emit({ kind: "guard-state", atUs: observing.nowUs(), group, guard, watching });
  };
  const rest = (key: string, group: string, resting: boolean): void => {
    if (turned(key, resting))
      observing.emit({ kind: "guards-resting", atUs: observing.nowUs(), group, resting });
  };
  const release = (key: string, group: string, value: string, isNews: boolean): void => {
    if (told.has(key)) return;
    told.add(key);
    if (!isNews) return;
    const { leader, by, why, dryRun } = JSON.parse(value) as ReleaseRecord;
    observing.emit({ kind: "leader-key-released", atUs: observing.nowUs(), group, leader, by, why, dryRun });
  };
  const apply = ({ key, value }: KeyChange, isNews: boolean): void => {
    for (const { group, guardFolder } of groups) {
      const watching = guardFolder + guardKeys.watching;
      if (key.startsWith(watching)) look(key, group, key.slice(watching.length), value !== null);
      else if (key === guardFolder + guardKeys.acted) rest(key, group, value !== null);
      else if (key.startsWith(guardFolder + guardKeys.releases) && value !== null)
        release(key, group, value, isNews);
    }
  };

  return {
    read: (keys, isFirst) => {
      const there = new Set(keys.map(({ key }) => key));
      for (const key of [...standing]) if (!there.has(key)) apply({ key, value: null }, true);
      for (const change of keys) apply(change, !isFirst);
    },
    changed: (change) => apply(change, true),
  };
}
