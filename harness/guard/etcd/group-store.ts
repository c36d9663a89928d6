import type { GroupKeys, ReadKey, Release } from "../decide/decide-release.ts";
import { guardKeys, type GuardedGroup, type GuardSettings, type Vote } from "../protocol/guard-spec.ts";
import { composeRelease, SKIP_SECONDS } from "./compose-release.ts";
import { EtcdError, type EtcdGateway } from "./etcd-gateway.ts";
import {
  decode,
  get,
  getAll,
  getNewest,
  keysRead,
  mustBe,
  put,
  readKey,
  remove,
  type EtcdKeyValue,
  type EtcdOperation,
} from "./etcd-words.ts";

/** gRPC's code of what is not there. */
const NOT_FOUND = 5;

/** All that a guard does in etcd for one group. Reads are linearizable: without a quorum they fail, and so nothing is done. */
export interface GroupStore {
  read(): Promise<GroupKeys>;
  /** The least time since a lease was renewed, milliseconds; null where etcd does not know the lease. */
  leaseAgeMs(lease: string): Promise<number | null>;
  /** Says that this guard looks, for as long as its lease lives. */
  announce(lease: string): Promise<void>;
  vote(vote: Vote, lease: string): Promise<void>;
  withdraw(): Promise<void>;
  /** Takes the place of the guard that acts, where it is free. */
  stand(lease: string): Promise<void>;
  /** Leaves that place, where it has it. */
  resign(): Promise<void>;
  /** Whether it was done. Rejects where that is not known. */
  release(release: Release): Promise<boolean>;
}

export function groupStore(
  etcd: EtcdGateway,
  guarded: GuardedGroup,
  me: string,
  settings: Pick<GuardSettings, "notTwiceWithinSeconds" | "skipOldLeader" | "dryRun">,
): GroupStore {
  const own = (name: string): string => guarded.guardFolder + name;
  return {
    read: async () => readGroup(await etcd("/v3/kv/txn", { success: groupRead(guarded) }), guarded),
    leaseAgeMs: async (lease) => {
      const { TTL = "0", grantedTTL = "0" } = await etcd("/v3/lease/timetolive", { ID: lease });
      return ageOfLease(Number(grantedTTL), Number(TTL));
    },
    announce: async (lease) => {
      await etcd("/v3/kv/txn", { success: [put(own(guardKeys.watching + me), "", lease)] });
    },
    vote: async (vote, lease) => {
      await etcd("/v3/kv/txn", { success: [put(own(guardKeys.votes + me), JSON.stringify(vote), lease)] });
    },
    withdraw: async () => {
      await etcd("/v3/kv/txn", { success: [remove(own(guardKeys.votes + me))] });
    },
    stand: async (lease) => {
      const elected = own(guardKeys.elected);
      await etcd("/v3/kv/txn", { compare: [mustBe.absent(elected)], success: [put(elected, me, lease)] });
    },
    resign: async () => {
      const elected = own(guardKeys.elected);
      await etcd("/v3/kv/txn", { compare: [mustBe.value(elected, me)], success: [remove(elected)] });
    },
    release: async (release) => {
      const { notTwiceWithinSeconds, skipOldLeader, dryRun } = settings;
      const [acted, skipped] = dryRun
        ? []
        : await Promise.all([
            grantLease(etcd, notTwiceWithinSeconds),
            skipOldLeader ? grantLease(etcd, SKIP_SECONDS) : undefined,
          ]);
      const leases = acted === undefined ? null : { acted, skip: skipped };
      const answer = await etcd("/v3/kv/txn", composeRelease(release, guarded, me, leases));
      if (answer.succeeded === true) return true;
      const unused = [acted, skipped].filter((lease) => lease !== undefined);
      await Promise.allSettled(unused.map((lease) => revokeLease(etcd, lease)));
      return false;
    },
  };
}

/** One transaction that only reads. */
function groupRead({ patroniFolder, guardFolder }: GuardedGroup): readonly EtcdOperation[] {
  return [
    ...["leader", "config", "sync", "initialize"].map((name) => get(patroniFolder + name)),
    getAll(`${patroniFolder}members/`),
    get(guardFolder + guardKeys.elected),
    get(guardFolder + guardKeys.acted),
    getNewest(guardFolder + guardKeys.releases),
    getAll(guardFolder + guardKeys.votes),
  ];
}

function readGroup(answer: Record<string, unknown>, { patroniFolder, guardFolder }: GuardedGroup): GroupKeys {
  const [leader, config, sync, initialize, members, elected, acted, release, votes] = keysRead(answer);
  const one = (found: readonly EtcdKeyValue[] | undefined): (ReadKey & { readonly lease: string }) | null =>
    found?.[0] === undefined ? null : readKey(found[0]);
  const voted = (votes ?? []).map((found): [string, ReadKey] => [
    decode(found.key).slice(guardFolder.length + guardKeys.votes.length),
    readKey(found),
  ]);
  const leaderKey = one(leader);
  const leaderMember = members?.find(
    ({ key }) => decode(key) === `${patroniFolder}members/${leaderKey?.value ?? ""}`,
  );
  return {
    leader: leaderKey,
    config: one(config),
    sync: one(sync),
    initialize: one(initialize),
    leaderMember: leaderMember === undefined ? null : readKey(leaderMember),
    elected: one(elected),
    acted: one(acted),
    release: one(release),
    votes: Object.fromEntries(voted),
  };
}

/** etcd tells of a lease what it was granted and what remains of that, in whole seconds that have begun to pass. */
export function ageOfLease(grantedSeconds: number, remainingSeconds: number): number | null {
  if (grantedSeconds <= 0 || remainingSeconds < 0) return null;
  return Math.max(0, grantedSeconds - remainingSeconds - 1) * 1000;
}

export async function grantLease(etcd: EtcdGateway, seconds: number): Promise<string> {
  const { ID } = await etcd("/v3/lease/grant", { TTL: String(seconds) });
  return String(ID);
}

/** Whether the lease is still alive, and has its whole time again. */
export async function renewLease(etcd: EtcdGateway, lease: string): Promise<boolean> {
  const { result } = await etcd("/v3/lease/keepalive", { ID: lease });
  return Number((result as { readonly TTL?: string } | undefined)?.TTL ?? 0) > 0;
}

/** One that has ended by itself, or was revoked by a call whose answer was lost, needs no more. */
export async function revokeLease(etcd: EtcdGateway, lease: string): Promise<void> {
  await etcd("/v3/lease/revoke", { ID: lease }).catch((error: unknown) => {
    if (!(error instanceof EtcdError) || error.code !== NOT_FOUND) throw error;
  });
}
