import { setTimeout as delay } from "node:timers/promises";
import type { AskNode } from "./ask-node.ts";
import { decideRelease, isRecordOf, votesFor, type GroupKeys } from "./decide/decide-release.ts";
import { LeaderWatch, signs, type Opinion, type Sign } from "./decide/watch-leader.ts";
import type { GroupStore } from "./etcd/group-store.ts";
import type { GuardedGroup, GuardProcessSpec } from "./protocol/guard-spec.ts";

/** Members that do not lead are asked once in so many times, as long as nothing is wrong. */
const OTHERS_SELDOM = 5;
/** As long as nothing is wrong, the keys are read once in so many times that the leader is asked: an answer of etcd costs more. */
const KEYS_SELDOM = 4;
/** While a leader is silent, its group's keys are read this often: votes are to be seen soon. */
const SUSPICIOUS_MS = 100;

/** What one guard needs to guard one group. */
export interface GuardingParts {
  readonly guarded: GuardedGroup;
  readonly spec: Pick<GuardProcessSpec, "name" | "guards" | "settings">;
  readonly systemIdentifier: string;
  readonly store: GroupStore;
  readonly ask: AskNode;
  /** Monotonic, milliseconds. */
  readonly nowMs: () => number;
  /** The guard's own lease; null while it has none. */
  readonly lease: () => string | null;
  readonly revoke: (lease: string) => Promise<void>;
  readonly tell: (line: string) => void;
}

/** One guard's work for one group: asks its nodes, reads its keys, votes, and acts where it is elected to. */
export class GroupGuard {
  readonly #parts: GuardingParts;
  readonly #watch: LeaderWatch;
  #leader: string | null = null;
  #asks = 0;
  /** Votes and their withdrawal go to etcd one after the other. */
  #voting: Promise<void> = Promise.resolve();
  #voted = false;
  /** The lease of a leader whose key was deleted, or may have been: to be revoked. */
  #owed: { readonly revision: string; readonly lease: string } | null = null;
  #announced: string | null = null;
  #told = "";

  constructor(parts: GuardingParts) {
    this.#parts = parts;
    const { guarded, spec, nowMs } = parts;
    this.#watch = new LeaderWatch(
      guarded.members.map(({ name }) => name),
      spec.settings,
      nowMs(),
    );
  }

  /**
   * Asks the leader for a heart-beat, and now and then the others; once it is silent, everybody for all signs. Nobody waits for the
   * answers.
   */
  askNodes(): void {
    const { guarded, nowMs } = this.#parts;
    this.#watch.awake(nowMs());
    const suspicious = this.#isSuspicious();
    const everybody = suspicious || this.#asks % OTHERS_SELDOM === 0;
    const asked: readonly Sign[] = suspicious ? signs : ["heartbeat"];
    this.#asks += 1;
    for (const member of guarded.members) {
      if (everybody || member.name === this.#leader) for (const sign of asked) void this.#ask(member, sign);
    }
  }

  /** Guards until the signal; the etcd part of it. */
  async guard(signal: AbortSignal): Promise<void> {
    const { spec } = this.#parts;
    while (!signal.aborted) {
      const voted = await this.turn().catch((error: unknown) => {
        this.#tell(`etcd: ${String(error)}`);
        return false;
      });
      // Its own vote counts once it has been read with the others'.
      if (voted) continue;
      await this.#pause(spec.settings.askEveryMs, signal);
    }
  }

  /** Until the keys are to be read again, which is soon where the leader falls silent meanwhile. */
  async #pause(askEveryMs: number, signal: AbortSignal): Promise<void> {
    for (let asks = 0; asks < KEYS_SELDOM && !signal.aborted; asks += 1) {
      const suspicious = this.#isSuspicious();
      await delay(suspicious ? SUSPICIOUS_MS : askEveryMs, undefined, { signal }).catch(() => undefined);
      if (suspicious) return;
    }
  }

  /** Reads the group's keys once, and does what is to be done about them. Whether it has voted. */
  async turn(): Promise<boolean> {
    const { store, lease, nowMs } = this.#parts;
    const mine = lease();
    if (mine === null) return false;
    if (this.#announced !== mine) {
      await store.announce(mine);
      this.#announced = mine;
    }
    const keys = await store.read();
    this.#leader = keys.leader?.value ?? null;
    this.#watch.leaderIs(
      keys.leader === null ? null : { name: keys.leader.value, revision: keys.leader.revision },
      nowMs(),
    );
    await this.#payOwed(keys);
    const opinion = await this.#form(keys);
    const voted = await this.#vote(keys, opinion, mine);
    await this.#stand(keys, opinion, mine);
    await this.#act(keys, opinion);
    return voted;
  }

  async #ask(member: GuardedGroup["members"][number], sign: Sign): Promise<void> {
    const { ask, spec, nowMs } = this.#parts;
    this.#watch.asked(member.name, sign, nowMs());
    if (!(await ask(member, sign, spec.settings.goneAfterMs))) return;
    this.#watch.alive(member.name, nowMs());
    if (member.name !== this.#leader || !this.#voted) return;
    // Where etcd does not take it now, the next turn tries again.
    await this.#withdraw().catch((error: unknown) => this.#tell(`etcd: ${String(error)}`));
  }

  #isSuspicious(): boolean {
    const { spec, nowMs } = this.#parts;
    const { goneAfterMs, askEveryMs } = spec.settings;
    const silentForMs = this.#leader === null ? 0 : this.#watch.silentForMs(this.#leader, nowMs());
    return silentForMs > Math.max(1.5 * askEveryMs, goneAfterMs / 3);
  }

  /** The lease is asked for only when the leader is silent. */
  async #form({ leader }: GroupKeys): Promise<Opinion> {
    const { store, nowMs } = this.#parts;
    const ageMs = leader !== null && this.#isSuspicious() ? await store.leaseAgeMs(leader.lease) : null;
    return this.#watch.opinion(nowMs(), ageMs);
  }

  async #vote(keys: GroupKeys, opinion: Opinion, lease: string): Promise<boolean> {
    const { spec, store } = this.#parts;
    const standing = keys.votes[spec.name];
    if (!opinion.gone) {
      if (standing !== undefined) await this.#withdraw();
      return false;
    }
    if (votesFor(keys, [spec.name])[spec.name] !== undefined) return false;
    const { vote } = opinion;
    this.#tell(`votes: ${vote.leader} has given no sign of life for ${vote.silentForMs} ms: ${vote.seen}`);
    this.#voted = true;
    await this.#inTurn(() => store.vote(vote, lease));
    return true;
  }

  async #withdraw(): Promise<void> {
    this.#voted = false;
    this.#tell(`withdraws its vote: ${this.#leader ?? "the leader"} gives signs of life, or is another`);
    await this.#inTurn(() => this.#parts.store.withdraw());
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const done = this.#voting.then(write);
    this.#voting = done.catch(() => undefined);
    return done;
  }

  /** Whoever is elected and sees a sign of life that most of the others do not see makes room for one of them. */
  async #stand(keys: GroupKeys, opinion: Opinion, lease: string): Promise<void> {
    const { spec, store } = this.#parts;
    const votes = Object.keys(votesFor(keys, spec.guards)).length;
    if (keys.elected === null) {
      if (opinion.gone || votes === 0) await store.stand(lease);
    } else if (keys.elected.value === spec.name && !opinion.gone && votes * 2 > spec.guards.length) {
      this.#tell("makes room: most of the others take the leader to be gone, and this guard does not");
      await store.resign();
    }
  }

  async #act(keys: GroupKeys, opinion: Opinion): Promise<void> {
    const { spec, systemIdentifier, store, tell, guarded } = this.#parts;
    const { name: me, guards, settings } = spec;
    const decision = decideRelease(keys, { me, guards, systemIdentifier, ownOpinion: opinion });
    if ("why" in decision) {
      if (opinion.gone) this.#tell(`waits: ${decision.why}`);
      return;
    }
    const { leader, why } = decision.release;
    if (!settings.dryRun) this.#owed = { revision: leader.revision, lease: leader.lease };
    const done = await store.release(decision.release);
    if (!done) {
      // What has changed may be the key itself, by an earlier try of which no answer came: its lease is still owed then.
      const { release } = await store.read();
      if (!isRecordOf(release, leader))
        tell(`${guarded.group}: did nothing: something has changed since it was read`);
      return;
    }
    tell(
      `${guarded.group}: ${settings.dryRun ? "would have deleted" : "deleted"} the leader key of ${leader.name} (revision ${leader.revision}): ${why}`,
    );
    await this.#pay();
  }

  /**
   * Patroni takes a lease that it can renew for the leader key itself, when it has read the key before (Patroni 4.0,
   * patroni/dcs/etcd3.py, _update_leader). An old leader that wakes up between the two must not find it alive: it would change its
   * synchronous standbys, and might acknowledge alone.
   */
  async #pay(): Promise<void> {
    if (this.#owed === null) return;
    await this.#parts.revoke(this.#owed.lease);
    this.#owed = null;
  }

  /** After a release of which it is not known whether it was done. */
  async #payOwed({ release, leader }: GroupKeys): Promise<void> {
    if (this.#owed === null) return;
    if (isRecordOf(release, this.#owed)) await this.#pay();
    else if (leader !== null && leader.revision !== this.#owed.revision) this.#owed = null;
  }

  /** What is said again and again is told once. */
  #tell(line: string): void {
    if (line === this.#told) return;
    this.#told = line;
    this.#parts.tell(`${this.#parts.guarded.group}: ${line}`);
  }
}
