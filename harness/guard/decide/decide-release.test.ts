import { describe, expect, test } from "vitest";
import {
  decideRelease,
  isRecordOf,
  withoutFailover,
  whyUnsafe,
  type GroupKeys,
  type ReadKey,
} from "./decide-release.ts";

const key = (value: unknown, revision = "5"): ReadKey => ({
  value: typeof value === "string" ? value : JSON.stringify(value),
  revision,
});
const vote = (leader = "a", leaderRevision = "7"): ReadKey =>
  key({ leader, leaderRevision, silentForMs: 3000, seen: "nothing" });

const guards = ["guard-1", "guard-2", "guard-3"];
const guardians = { me: "guard-1", guards, systemIdentifier: "42", ownOpinion: { gone: true } };

/** Everything is as it must be for a release. */
const agreed: GroupKeys = {
  leader: { ...key("a", "7"), lease: "99" },
  config: key({ synchronous_mode: true }),
  sync: key({ leader: "a", sync_standby: "b" }),
  initialize: key("42"),
  leaderMember: null,
  votes: { "guard-1": vote(), "guard-2": vote() },
  elected: key("guard-1"),
  acted: null,
  release: null,
};

const refused = (changes: Partial<GroupKeys>, other: Partial<typeof guardians> = {}): string => {
  const decision = decideRelease({ ...agreed, ...changes }, { ...guardians, ...other });
  return "why" in decision ? decision.why : "released";
};

describe("decideRelease", () => {
  test("a majority of votes for this leader key, and nothing against it: the key is deleted", () => {
    const decision = decideRelease(agreed, guardians);
    expect("release" in decision && decision.release).toMatchObject({
      leader: { name: "a", revision: "7", lease: "99" },
      votes: { "guard-1": { revision: "5" }, "guard-2": { revision: "5" } },
      why: "2 of 3 guards agree that the node of a is gone",
    });
  });

  test.each<[string, Partial<GroupKeys>, RegExp]>([
    ["there is no leader key", { leader: null }, /no leader key/],
    ["another guard is elected", { elected: key("guard-2") }, /guard-2 is elected/],
    ["nobody is elected", { elected: null }, /nobody is elected/],
    ["only one guard of three agrees", { votes: { "guard-1": vote() } }, /1 of 3 guards agree/],
    ["its own vote is gone", { votes: { "guard-2": vote(), "guard-3": vote() } }, /own vote/],
    ["a vote is for another leader", { votes: { "guard-1": vote(), "guard-2": vote("b") } }, /1 of 3/],
    [
      "a vote is for the same leader's former key",
      { votes: { "guard-1": vote(), "guard-2": vote("a", "6") } },
      /1 of 3/,
    ],
    ["a vote is of a guard that nobody knows", { votes: { "guard-1": vote(), "guard-9": vote() } }, /1 of 3/],
    ["a vote is no JSON", { votes: { "guard-1": vote(), "guard-2": key("{") } }, /1 of 3/],
    ["a vote is JSON and no vote", { votes: { "guard-1": vote(), "guard-2": key("null") } }, /1 of 3/],
    ["the scope is another cluster's", { initialize: key("43") }, /system 42 is guarded.*43/],
    ["the scope has no cluster", { initialize: null }, /none/],
    ["a key was deleted shortly ago", { acted: key("guard-3") }, /shortly ago/],
    ["this key was dealt with", { release: key({ leaderRevision: "7" }) }, /dealt with/],
    ["Patroni's configuration is gone", { config: null }, /not in etcd/],
    ["Patroni's configuration is no JSON", { config: key("]") }, /not readable/],
    ["replication is asynchronous", { config: key({ synchronous_mode: false }) }, /asynchronous/],
    ["synchronous_mode is not set", { config: key({ ttl: 20 }) }, /asynchronous/],
    ["Patroni is in maintenance mode", { config: key({ synchronous_mode: true, pause: true }) }, /pause/],
    ["the key of synchronous standbys is gone", { sync: null }, /synchronous standbys/],
    [
      "the synchronous standbys are another leader's",
      { sync: key({ leader: "b", sync_standby: "a" }) },
      /those of b/,
    ],
    [
      "the leader has no synchronous standby",
      { sync: key({ leader: "a", sync_standby: "" }) },
      /no synchronous standby/,
    ],
    [
      "the leader has had none yet",
      { sync: key({ leader: "a", sync_standby: null }) },
      /no synchronous standby/,
    ],
  ])("nothing is done where %s", (_, changes, why) => {
    expect(refused(changes)).toMatch(why);
  });

  test("nothing is done where the guard itself has seen a sign of life since it voted", () => {
    expect(refused({}, { ownOpinion: { gone: false } })).toMatch(/itself/);
  });

  test("the majority is of all guards that there are, not of those that vote", () => {
    const five = [...guards, "guard-4", "guard-5"];
    expect(refused({}, { guards: five })).toMatch(/2 of 5 guards agree, and 3 must/);
    expect(refused({ votes: { ...agreed.votes, "guard-5": vote() } }, { guards: five })).toBe("released");
  });

  test("the record of an earlier release of another key is no obstacle", () => {
    expect(refused({ release: key({ leaderRevision: "3" }) })).toBe("released");
  });
});

describe("whyUnsafe", () => {
  test.each([true, "on", "true", "On"])("synchronous_mode %s is safe", (mode) => {
    expect(whyUnsafe(JSON.stringify({ synchronous_mode: mode, pause: false }))).toBeNull();
  });

  test.each([false, null, "off", "", "remote", 0, {}])("synchronous_mode %j is not", (mode) => {
    expect(whyUnsafe(JSON.stringify({ synchronous_mode: mode }))).toContain("asynchronous");
  });

  test.each(["quorum", "Quorum"])("synchronous_mode %s is not: another standby may still confirm", (mode) => {
    expect(whyUnsafe(JSON.stringify({ synchronous_mode: mode }))).toContain(
      "does not follow the new primary yet",
    );
  });
});

test("a record is of one leader key alone, and text that is none is of no key", () => {
  expect(isRecordOf(key({ leaderRevision: "7" }), { revision: "7" })).toBe(true);
  expect(isRecordOf(key({ leaderRevision: "7" }), { revision: "8" })).toBe(false);
  expect(isRecordOf(key("oops"), { revision: "7" })).toBe(false);
});

test("a member that is not to fail over keeps all that it told, but for that tag", () => {
  const told = { conn_url: "postgres://a", api_url: "http://a", tags: { clonefrom: true } };
  expect(JSON.parse(withoutFailover(key(told)) ?? "")).toEqual({
    ...told,
    tags: { clonefrom: true, nofailover: true },
  });
  expect(JSON.parse(withoutFailover(key({})) ?? "")).toEqual({ tags: { nofailover: true } });
  expect(withoutFailover(key("postgres://a?application_name=http://a"))).toBeNull();
});
