import { describe, expect, test } from "vitest";
import type { Release } from "../decide/decide-release.ts";
import { composeRelease } from "./compose-release.ts";
import { decode } from "./etcd-words.ts";

const guarded = {
  group: "coordinators",
  patroniFolder: "/service/coordinators/",
  guardFolder: "/leader-guard/coordinators/",
  members: [],
};
const vote = { leader: "a", leaderRevision: "7", silentForMs: 3000, seen: "nothing" };
const release: Release = {
  leader: { name: "a", revision: "7", lease: "99" },
  config: { value: "{}", revision: "2" },
  sync: { value: "{}", revision: "3" },
  initialize: { value: "42", revision: "1" },
  leaderMember: null,
  elected: { value: "guard-1", revision: "4" },
  votes: { "guard-1": { vote, revision: "11" }, "guard-3": { vote, revision: "12" } },
  why: "they agree",
};

type Part = Record<string, string>;
/** One line for each part of a transaction, with keys and values in plain text. */
function words({ compare, success }: ReturnType<typeof composeRelease>) {
  const compared = (compare as readonly Part[]).map(({ key, target, result, ...rest }) => {
    const expected = Object.entries(rest).map(([name, value]) => (name === "value" ? decode(value) : value));
    return `${decode(key)} ${target} ${result} ${expected.join()}`;
  });
  const done = success.map((operation) => {
    const [[name, part]] = Object.entries(operation) as [[string, Part]];
    const on = part.lease === undefined ? "" : ` on ${part.lease}`;
    return `${name} ${decode(part.key)}${part.value === undefined ? "" : ` ${decode(part.value)}`}${on}`;
  });
  return { compared, done };
}

describe("composeRelease", () => {
  test("everything that was decided on is compared, and the key is deleted with a record of why", () => {
    const { compared, done } = words(composeRelease(release, guarded, "guard-1", { acted: "50" }));
    expect(compared).toEqual([
      "/service/coordinators/leader VALUE EQUAL a",
      "/service/coordinators/leader MOD EQUAL 7",
      "/service/coordinators/leader LEASE EQUAL 99",
      "/service/coordinators/config MOD EQUAL 2",
      "/service/coordinators/sync MOD EQUAL 3",
      "/service/coordinators/initialize MOD EQUAL 1",
      "/leader-guard/coordinators/elected MOD EQUAL 4",
      "/leader-guard/coordinators/votes/guard-1 MOD EQUAL 11",
      "/leader-guard/coordinators/votes/guard-3 MOD EQUAL 12",
      "/leader-guard/coordinators/acted CREATE EQUAL 0",
      "/leader-guard/coordinators/releases/7 CREATE EQUAL 0",
    ]);
    const record = { leader: "a", leaderRevision: "7", by: "guard-1", why: "they agree" };
    const votes = { "guard-1": vote, "guard-3": vote };
    expect(done).toEqual([
      "request_delete_range /service/coordinators/leader",
      "request_put /leader-guard/coordinators/acted guard-1 on 50",
      `request_put /leader-guard/coordinators/releases/7 ${JSON.stringify({ ...record, votes, dryRun: false })}`,
    ]);
  });

  test("a dry run compares as much, and writes its record alone", () => {
    const dry = words(composeRelease(release, guarded, "guard-1", null));
    expect(dry.compared).toEqual(
      words(composeRelease(release, guarded, "guard-1", { acted: "50" })).compared,
    );
    expect(dry.done).toHaveLength(1);
    expect(dry.done[0]).toContain('"dryRun":true');
  });

  test("the old leader's member is not to be asked for as long as a lease, and only if it is as it was read", () => {
    const leases = { acted: "50", skip: "51" };
    const leaderMember = { value: '{"api_url":"http://a"}', revision: "6" };
    const told = words(composeRelease({ ...release, leaderMember }, guarded, "guard-1", leases));
    expect(told.compared).toContain("/service/coordinators/members/a MOD EQUAL 6");
    expect(told.done).toContain(
      'request_put /service/coordinators/members/a {"api_url":"http://a","tags":{"nofailover":true}} on 51',
    );
    for (const other of [null, { value: "postgres://a", revision: "6" }])
      expect(
        words(composeRelease({ ...release, leaderMember: other }, guarded, "guard-1", leases)).done.join(),
      ).not.toContain("members/");
    const notSkipping = composeRelease({ ...release, leaderMember }, guarded, "guard-1", { acted: "50" });
    expect(words(notSkipping).done.join()).not.toContain("members/");
  });
});
