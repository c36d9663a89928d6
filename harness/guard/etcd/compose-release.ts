import { withoutFailover, type Release } from "../decide/decide-release.ts";
import { guardKeys, type GuardedGroup, type ReleaseRecord } from "../protocol/guard-spec.ts";
import { mustBe, put, remove, type EtcdOperation } from "./etcd-words.ts";

/** That the old leader is not asked is for the election that follows at once, and for none after it. */
export const SKIP_SECONDS = 3;

/**
 * The transaction that deletes a leader key. It compares all that the decision was made on, so that it fails when any of
 * it has changed: a newer leader, a vote that was withdrawn, `pause`, another synchronous_mode, other synchronous standbys, another
 * cluster in the scope, another guard that is elected, a release that was done meanwhile. `leases`: of the keys that forbid
 * the next release for a while and that say of the old leader that it is not to be asked; null: a dry run, which only writes its record.
 *
 * A candidate asks every member that it knows over REST, and waits 2 s for one that hangs; not one that has the tag `nofailover`
 * (Patroni 4.0, patroni/ha.py, fetch_node_status, _is_healthiest_node), which the old leader's key gets here. All that it loses is
 * its look whether the old leader is primary again. The key hangs on a lease, and a Patroni that wakes up writes its own anew.
 *
 * The key `failover` with the old leader's name would do as much, and harm: with it, a standby that is no candidate waits 2 s
 * before it follows the new primary (process_unhealthy_cluster). An old primary that wakes up in that time sends it what it wrote
 * after the new timeline had begun, so that it must be rewound; until then it comes and goes as a synchronous standby, and commits wait.
 */
export function composeRelease(
  release: Release,
  { patroniFolder, guardFolder }: GuardedGroup,
  me: string,
  leases: { readonly acted: string; readonly skip?: string | undefined } | null,
): { readonly compare: readonly object[]; readonly success: readonly EtcdOperation[] } {
  const { leader, leaderMember, config, sync, initialize, elected, votes, why } = release;
  const leaderKey = `${patroniFolder}leader`;
  const memberKey = `${patroniFolder}members/${leader.name}`;
  const recordKey = `${guardFolder}${guardKeys.releases}${leader.revision}`;
  const record: ReleaseRecord = {
    leader: leader.name,
    leaderRevision: leader.revision,
    by: me,
    why,
    votes: Object.fromEntries(Object.entries(votes).map(([guard, { vote }]) => [guard, vote])),
    dryRun: leases === null,
  };
  const unasked = leaderMember === null ? null : withoutFailover(leaderMember);
  const skipped =
    leases?.skip === undefined || leaderMember === null || unasked === null
      ? null
      : { compare: mustBe.unchanged(memberKey, leaderMember), success: put(memberKey, unasked, leases.skip) };
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
      ...(skipped === null ? [] : [skipped.compare]),
    ],
    success: [
      ...(leases === null ? [] : [remove(leaderKey), put(guardFolder + guardKeys.acted, me, leases.acted)]),
      ...(skipped === null ? [] : [skipped.success]),
      put(recordKey, JSON.stringify(record)),
    ],
  };
}
