import { describe, expect, test } from "vitest";
import { FakeEtcd } from "./etcd/etcd-gateway.fake.ts";
import { groupStore, revokeLease } from "./etcd/group-store.ts";
import { GroupGuard } from "./group-guard.ts";
import type { GuardSettings } from "./protocol/guard-spec.ts";

const names = ["guard-1", "guard-2", "guard-3"];
const patroni = "/service/coordinators/";
const own = "/leader-guard/coordinators/";

/** Three guards of a group of three, led by `a`, on one etcd, with time that passes in steps of 100 ms. */
class World {
  readonly etcd = new FakeEtcd();
  readonly told: string[] = [];
  /** Who answers whom: by default everybody answers every guard. */
  answers: (guard: string, member: string) => boolean = () => true;
  /** Guards that stand still. */
  readonly still = new Set<string>();
  leaderRenews = true;
  readonly leaderLease: string;
  readonly #guards: readonly { readonly name: string; readonly guard: GroupGuard; readonly lease: string }[];

  constructor(settings: Partial<GuardSettings> = {}) {
    const { etcd } = this;
    this.leaderLease = etcd.grant(20);
    etcd.put(`${patroni}initialize`, "42");
    etcd.put(`${patroni}config`, JSON.stringify({ synchronous_mode: true }));
    etcd.put(`${patroni}sync`, JSON.stringify({ leader: "a", sync_standby: "b,c" }));
    etcd.put(`${patroni}leader`, "a", this.leaderLease);
    etcd.put(`${patroni}members/a`, "{}", this.leaderLease);
    const chosen: GuardSettings = {
      goneAfterMs: 3000,
      askEveryMs: 500,
      notTwiceWithinSeconds: 60,
      skipOldLeader: false,
      dryRun: false,
      startSeconds: 1,
      ...settings,
    };
    const members = ["a", "b", "c"].map((name) => ({
      name,
      host: name,
      restPort: 1,
      postgresPort: 2,
      heartbeatPort: 3,
    }));
    const guarded = { group: "coordinators", patroniFolder: patroni, guardFolder: own, members };
    this.#guards = names.map((name) => {
      const lease = etcd.grant(3);
      const guard = new GroupGuard({
        guarded,
        spec: { name, guards: names, settings: chosen },
        systemIdentifier: "42",
        store: groupStore(etcd.gateway, guarded, name, chosen),
        ask: (member) => Promise.resolve(this.answers(name, member.name)),
        nowMs: () => etcd.nowMs,
        lease: () => (etcd.renew(lease) ? lease : null),
        revoke: (id) => revokeLease(etcd.gateway, id),
        tell: (line) => this.told.push(`${name} ${line}`),
      });
      return { name, guard, lease };
    });
  }

  async pass(ms: number): Promise<void> {
    const { etcd } = this;
    for (const untilMs = etcd.nowMs + ms; etcd.nowMs < untilMs;) {
      etcd.nowMs += 100;
      if (this.leaderRenews && etcd.nowMs % 1000 === 0) etcd.renew(this.leaderLease);
      for (const { name, guard } of this.#guards) {
        if (this.still.has(name)) continue;
        if (etcd.nowMs % 500 === 0) guard.askNodes();
        await guard.turn().catch(() => undefined);
      }
    }
  }

  lose(member: string): void {
    this.answers = (_, asked) => asked !== member;
    if (member === "a") this.leaderRenews = false;
  }

  get leader(): string | undefined {
    return this.etcd.value(`${patroni}leader`);
  }
}

describe("three guards of a group", () => {
  test("look, elect one of them, and leave a healthy leader alone", async () => {
    const world = new World();
    await world.pass(60_000);
    expect(world.leader).toBe("a");
    expect(Object.keys(world.etcd.below(`${own}watching/`))).toEqual(names);
    expect(world.etcd.value(`${own}elected`)).toBe("guard-1");
    expect(world.etcd.below(`${own}votes/`)).toEqual({});
  });

  test("give up the key of a lost leader between 3 and 4 s after it, revoke its lease, and write down why", async () => {
    const world = new World();
    await world.pass(5000);
    world.lose("a");
    await world.pass(2400);
    expect(world.leader).toBe("a");
    await world.pass(1600);
    expect(world.leader).toBeUndefined();
    expect(world.etcd.leases.has(world.leaderLease)).toBe(false);
    expect(world.etcd.value(`${patroni}members/a`)).toBeUndefined();
    const [record] = Object.values(world.etcd.below(`${own}releases/`));
    expect(JSON.parse(record ?? "")).toMatchObject({ leader: "a", by: "guard-1", dryRun: false });
    expect(world.etcd.value(`${own}acted`)).toBe("guard-1");
    expect(world.etcd.value(`${patroni}failover`)).toBeUndefined();
  });

  test("say for 3 s of an old leader that is to be skipped that it must not fail over, though its lease is revoked", async () => {
    const world = new World({ skipOldLeader: true });
    await world.pass(5000);
    world.lose("a");
    while (world.leader === "a" && world.etcd.nowMs < 20_000) await world.pass(100);
    expect(world.etcd.leases.has(world.leaderLease)).toBe(false);
    expect(world.etcd.value(`${patroni}members/a`)).toBe('{"tags":{"nofailover":true}}');
    await world.pass(3000);
    expect(world.etcd.value(`${patroni}members/a`)).toBeUndefined();
  });

  test("leave a leader alone that answers every 2.9 s, or whose lease is renewed, or that one of them alone misses", async () => {
    const seldom = new World();
    seldom.answers = (_, member) => member !== "a" || seldom.etcd.nowMs % 2500 < 500;
    await seldom.pass(30_000);
    const renewing = new World();
    renewing.answers = (_, member) => member !== "a";
    await renewing.pass(30_000);
    const missed = new World();
    missed.leaderRenews = false;
    missed.answers = (guard, member) => member !== "a" || guard !== "guard-1";
    await missed.pass(15_000);
    expect([seldom.leader, renewing.leader, missed.leader]).toEqual(["a", "a", "a"]);
  });

  test("a leader that wakes up before a majority agrees keeps its key, and the votes are withdrawn", async () => {
    const world = new World();
    await world.pass(5000);
    world.leaderRenews = false;
    world.answers = (guard, member) => member !== "a" || guard !== "guard-2";
    await world.pass(4000);
    expect(Object.keys(world.etcd.below(`${own}votes/`))).toEqual(["guard-2"]);
    world.answers = () => true;
    await world.pass(1000);
    expect(world.etcd.below(`${own}votes/`)).toEqual({});
    expect(world.leader).toBe("a");
  });

  test("one guard down is no hindrance, and two are", async () => {
    const one = new World();
    one.still.add("guard-3");
    await one.pass(5000);
    one.lose("a");
    await one.pass(4000);
    expect(one.leader).toBeUndefined();
    const two = new World();
    two.still.add("guard-3").add("guard-2");
    await two.pass(5000);
    two.lose("a");
    await two.pass(15_000);
    expect(two.leader).toBe("a");
  });

  test("an elected guard that stands still is replaced once its lease has ended", async () => {
    const world = new World();
    await world.pass(5000);
    world.still.add("guard-1");
    world.lose("a");
    await world.pass(4500);
    expect(world.leader).toBeUndefined();
    expect(Object.values(world.etcd.below(`${own}releases/`)).join()).toContain('"by":"guard-2"');
  });

  test("an elected guard that sees what the others do not makes room", async () => {
    const world = new World();
    await world.pass(5000);
    world.leaderRenews = false;
    world.answers = (guard, member) => member !== "a" || guard === "guard-1";
    await world.pass(5000);
    expect(world.leader).toBeUndefined();
    expect(Object.values(world.etcd.below(`${own}releases/`)).join()).not.toContain('"by":"guard-1"');
  });

  test.each<[string, (world: World) => void]>([
    [
      "in maintenance mode",
      ({ etcd }) => etcd.put(`${patroni}config`, '{"synchronous_mode":true,"pause":true}'),
    ],
    ["where replication has become asynchronous", ({ etcd }) => etcd.put(`${patroni}config`, "{}")],
    [
      "without a synchronous standby",
      ({ etcd }) => etcd.put(`${patroni}sync`, '{"leader":"a","sync_standby":""}'),
    ],
    ["of another cluster", ({ etcd }) => etcd.put(`${patroni}initialize`, "43")],
    ["right after another release", ({ etcd }) => etcd.put(`${own}acted`, "guard-2", etcd.grant(60))],
    ["where most of the group is silent", (world) => (world.answers = (_, member) => member === "b")],
  ])("do nothing %s", async (_, change) => {
    const world = new World();
    await world.pass(5000);
    world.lose("a");
    change(world);
    await world.pass(14_000);
    expect(world.leader).toBe("a");
  });

  test("never act twice within the stated time, and do again after it", async () => {
    const world = new World({ notTwiceWithinSeconds: 10 });
    await world.pass(5000);
    world.lose("a");
    await world.pass(4000);
    const actedAtMs = world.etcd.nowMs;
    const lease = world.etcd.grant(20);
    world.etcd.put(`${patroni}leader`, "b", lease);
    world.etcd.put(`${patroni}sync`, JSON.stringify({ leader: "b", sync_standby: "c" }));
    world.answers = (_, member) => member !== "b";
    await world.pass(5500);
    expect(world.leader).toBe("b");
    await world.pass(6000);
    expect(world.leader).toBeUndefined();
    expect(world.etcd.nowMs - actedAtMs).toBeGreaterThan(10_000);
  });

  test("a dry run writes one record and gives nothing up", async () => {
    const world = new World({ dryRun: true });
    await world.pass(5000);
    world.lose("a");
    await world.pass(12_000);
    expect(world.leader).toBe("a");
    const records = Object.values(world.etcd.below(`${own}releases/`));
    expect(records).toHaveLength(1);
    expect(JSON.parse(records[0] ?? "")).toMatchObject({ leader: "a", dryRun: true });
    expect(world.etcd.leases.has(world.leaderLease)).toBe(true);
  });

  test("a release of which etcd gave no answer is found out about, and the old lease is revoked then", async () => {
    const world = new World();
    await world.pass(5000);
    world.lose("a");
    world.etcd.isAnswerLost = (_, body) => JSON.stringify(body).includes("request_delete_range");
    await world.pass(2000);
    expect(world.leader).toBe("a");
    await world.pass(2500);
    expect(world.leader).toBeUndefined();
    expect(world.etcd.leases.has(world.leaderLease)).toBe(false);
  });

  test("a release that etcd does late, when it was tried again, is known as this guard's own, and the old lease is revoked", async () => {
    const world = new World();
    await world.pass(5000);
    world.lose("a");
    let late = true;
    world.etcd.isLate = (body) => {
      const text = JSON.stringify(body);
      const isFirst = late && text.includes("request_delete_range") && text.includes("compare");
      if (isFirst) late = false;
      return isFirst;
    };
    await world.pass(5000);
    expect(late).toBe(false);
    expect(world.leader).toBeUndefined();
    expect(world.etcd.leases.has(world.leaderLease)).toBe(false);
    expect(world.told.join()).not.toContain("did nothing");
  });

  test("a revocation of which etcd gave no answer is no obstacle: the guards go on and give the next leader's key up", async () => {
    const world = new World({ notTwiceWithinSeconds: 20 });
    await world.pass(5000);
    world.lose("a");
    let lost = 0;
    world.etcd.isAnswerLost = (path, body) => {
      const isRevoked = path === "/v3/lease/revoke" && JSON.stringify(body).includes(world.leaderLease);
      if (isRevoked) lost += 1;
      return isRevoked && lost === 1;
    };
    await world.pass(5000);
    expect(lost).toBeGreaterThan(0);
    world.etcd.put(`${patroni}sync`, JSON.stringify({ leader: "b", sync_standby: "a" }));
    world.etcd.put(`${patroni}leader`, "b", world.etcd.grant(60));
    world.answers = () => true;
    await world.pass(25_000);
    world.answers = (_, asked) => asked !== "b";
    await world.pass(6000);
    expect(world.leader).toBeUndefined();
    expect(world.told.filter((line) => line.includes(" deleted the leader key"))).toHaveLength(2);
  });

  test("a vote that etcd does not let be withdrawn now ends no guard, and is withdrawn later", async () => {
    const world = new World();
    await world.pass(5000);
    world.still.add("guard-2").add("guard-3");
    world.lose("a");
    await world.pass(4000);
    expect(Object.keys(world.etcd.below(`${own}votes/`))).toEqual(["guard-1"]);
    world.answers = () => true;
    world.leaderRenews = true;
    world.etcd.renew(world.leaderLease);
    world.etcd.failing = new Error("no answer in time");
    await world.pass(500);
    world.etcd.failing = null;
    await world.pass(1000);
    expect(world.etcd.below(`${own}votes/`)).toEqual({});
    expect(world.leader).toBe("a");
  });
});
