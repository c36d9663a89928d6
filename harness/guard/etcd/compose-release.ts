import { isUnasked, type Release } from "../decide/decide-release.ts";
import { guardKeys, type GuardedGroup, type ReleaseRecord } from "../protocol/guard-spec.ts";
import { mustBe, put, remove, type EtcdOperation } from "./etcd-words.ts";

/** The failover key is for the election that follows at once, and for none after it. */
export const SKIP_SECONDS = 3;

/**
 * The transaction that gives a leader key up. It compares all that the decision was made on, so that it fails when any of
 * it has changed: a newer leader, a vote that was withdrawn, `pause`, another synchronous_mode, other synchronous standbys, another
 * cluster in the scope, another guard that is elected, a release that was done meanwhile. `leases`: of the keys that forbid
 * the next release for a while and that name the old leader; null: a dry run, which only writes its record.
 *
 * The key `failover` with the old leader's name alone is what a switchover leaves behind for the candidates when the leader has
 * stepped down: they do not ask that member, for whose answer they would wait 2 s when it hangs (Patroni 4.0, patroni/ha.py,
 * fetch_node_status, manual_failover_process_no_leader). Only members of the key `sync` take part then, and the votes of a quorum
 * are counted as ever. What is lost is their look whether the old leader is primary again, and the check of
 * maximum_lag_on_failover, which synchronous standbys do not need. Where a standby that is not synchronous has received more, the
 * synchronous ones would wait for it as long as the key is there: so it hangs on a lease. It never replaces somebody's own.
 */
export function composeRelease(
  release: Release,
  { patroniFolder, guardFolder }: GuardedGroup,
  me: string,
  leases: { readonly acted: string; readonly skip?: string | undefined } | null,
): { readonly compare: readonly object[]; readonly success: readonly EtcdOperation[] } {
  const { leader, config, sync, initialize, failover, elected, votes, why } = release;
  const leaderKey = `${patroniFolder}leader`;
  const failoverKey = `${patroniFolder}failover`;
  const recordKey = `${guardFolder}${guardKeys.releases}${leader.revision}`;
  const record: ReleaseRecord = {
    leader: leader.name,
    leaderRevision: leader.revision,
    by: me,
    why,
    votes: Object.fromEntries(Object.entries(votes).map(([guard, { vote }]) => [guard, vote])),
    dryRun: leases === null,
  };
  const skip = isUnasked(failover) ? leases?.skip : undefined;
  return {
    compare: [
      mustBe.value(leaderKey, leader.name),
      mustBe.unchanged(leaderKey, leader),
      mustBe.onLease(leaderKey, leader.lease),
      mustBe.unchanged(`${patroniFolder}config`, config),
      mustBe.unchanged(`${patroniFolder}sync`, sync),
      mustBe.unchanged(`${patroniFolder}initialize`, initialize),
      mustBe.unchanged(guardFolder + guardKeys.elected, elected),
      ...Object.entries(votes).map(([guard, { revision }]) =>
        mustBe.unchanged(guardFolder + guardKeys.votes + guard, { revision }),
      ),
      mustBe.absent(guardFolder + guardKeys.acted),
      mustBe.absent(recordKey),
      ...(skip === undefined
        ? []
        : [failover === null ? mustBe.absent(failoverKey) : mustBe.unchanged(failoverKey, failover)]),
    ],
    success: [
      ...(leases === null ? [] : [remove(leaderKey), put(guardFolder + guardKeys.acted, me, leases.acted)]),
      ...(skip === undefined ? [] : [put(failoverKey, JSON.stringify({ leader: leader.name }), skip)]),
      put(recordKey, JSON.stringify(record)),
    ],
  };
}
