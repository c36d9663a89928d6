import { describe, expect, test } from "vitest";
import { LEASE_FRESH_MS } from "../../model/topology.ts";
import { LeaderWatch, signs } from "./watch-leader.ts";

const settings = { goneAfterMs: 3000, askEveryMs: 500 };
const members = ["a", "b", "c"];
const leader = { name: "a", revision: "7" };
const staleLease = 3000;

/** A watch over members of which those in `dead` have never answered; a turn every `askEveryMs`, as in the process. */
function watchFor(ms: number, dead: readonly string[], among = members): LeaderWatch {
  const watch = new LeaderWatch(among, settings, 0);
  watch.leaderIs(leader, 0);
  for (let nowMs = 0; nowMs <= ms; nowMs += settings.askEveryMs) turn(watch, nowMs, dead, among);
  return watch;
}

function turn(watch: LeaderWatch, nowMs: number, dead: readonly string[], among = members): void {
  watch.awake(nowMs);
  for (const member of among) {
    for (const sign of signs) watch.asked(member, sign, nowMs);
    if (!dead.includes(member)) watch.alive(member, nowMs);
  }
}

const why = (opinion: ReturnType<LeaderWatch["opinion"]>): string => (opinion.gone ? "gone" : opinion.why);

describe("a guard's opinion of the leader", () => {
  test("a leader that gave no sign of life for goneAfterMs, with an old lease, is gone", () => {
    const opinion = watchFor(3000, ["a"]).opinion(3000, staleLease);
    expect(opinion.gone && opinion.vote).toMatchObject({
      leader: "a",
      leaderRevision: "7",
      silentForMs: 3000,
    });
  });

  test("a millisecond before, it is not", () => {
    expect(watchFor(2500, ["a"]).opinion(2999, staleLease).gone).toBe(false);
  });

  test("one answer, of either kind, and the silence begins anew", () => {
    const watch = watchFor(3000, ["a"]);
    watch.alive("a", 3001);
    expect(watch.opinion(3001, staleLease).gone).toBe(false);
    for (let nowMs = 3500; nowMs <= 6000; nowMs += 500) turn(watch, nowMs, ["a"]);
    expect(watch.opinion(6000, staleLease).gone).toBe(false);
    expect(watch.opinion(6001, staleLease).gone).toBe(true);
  });

  test("a lease that was renewed lately is a sign of life, and one of which etcd says nothing allows no conclusion", () => {
    const watch = watchFor(3000, ["a"]);
    expect(why(watch.opinion(3000, LEASE_FRESH_MS - 1))).toContain("renewed less than");
    expect(why(watch.opinion(3000, null))).toContain("etcd did not say");
    expect(watch.opinion(3000, LEASE_FRESH_MS).gone).toBe(true);
  });

  test("with more than half of the group silent it is the guard that is cut off", () => {
    expect(why(watchFor(3000, ["a", "b"]).opinion(3000, staleLease))).toContain("rather this guard");
    expect(watchFor(3000, ["a"], ["a", "b"]).opinion(3000, staleLease).gone).toBe(true);
    expect(watchFor(3000, ["a", "b"], ["a", "b"]).opinion(3000, staleLease).gone).toBe(false);
  });

  test("a leader that has just got the key gets the whole time, and so does the same one with a new revision", () => {
    const watch = watchFor(3000, ["a", "c"]);
    watch.leaderIs({ name: "a", revision: "8" }, 3000);
    expect(watch.opinion(3000, staleLease).gone).toBe(false);
    watch.leaderIs({ name: "c", revision: "9" }, 3100);
    expect(watch.opinion(5000, staleLease).gone).toBe(false);
  });

  test("nothing is concluded without a leader, or of one that is no member", () => {
    const watch = watchFor(3000, ["a"]);
    watch.leaderIs(null, 3000);
    expect(watch.opinion(3000, staleLease).gone).toBe(false);
    watch.leaderIs({ name: "stranger", revision: "9" }, 3000);
    expect(watch.opinion(90_000, staleLease).gone).toBe(false);
  });

  test("a guard that stood still itself has seen no silence, however long the clock says", () => {
    const watch = watchFor(500, []);
    watch.awake(10_000);
    expect(watch.opinion(10_000, staleLease).gone).toBe(false);
    const frozenInTheMiddle = watchFor(2500, ["a"]);
    expect(why(frozenInTheMiddle.opinion(4500, staleLease))).toContain("stood still");
  });

  test("a leader that was not asked often enough is not silent", () => {
    const watch = new LeaderWatch(members, settings, 0);
    watch.leaderIs(leader, 0);
    for (let nowMs = 0; nowMs <= 3000; nowMs += 500) {
      watch.awake(nowMs);
      watch.alive("b", nowMs);
      watch.alive("c", nowMs);
      watch.asked("a", "heartbeat", nowMs);
      watch.asked("a", "rest", nowMs);
      if (nowMs > 2000) watch.asked("a", "postgres", nowMs);
    }
    expect(why(watch.opinion(3000, staleLease))).toContain("asked too seldom: 0 of 1 times for postgres");
  });

  test("a leader that has been silent since before the guard began gets the whole time", () => {
    const watch = new LeaderWatch(members, settings, 100_000);
    watch.leaderIs(leader, 100_000);
    expect(watch.opinion(102_999, staleLease).gone).toBe(false);
  });

  test("a node of which an answer comes every 2.9 s is never gone", () => {
    const watch = watchFor(0, []);
    for (let nowMs = 100; nowMs < 60_000; nowMs += 100) {
      turn(watch, nowMs, nowMs % 2900 === 0 ? [] : ["a"]);
      expect(watch.opinion(nowMs, staleLease).gone).toBe(false);
    }
  });
});
