import { describe, expect, test } from "vitest";
import { fakeHttp } from "./get-over-http.fake.ts";
import { observeEtcdMembers, readEtcdStatus } from "./observe-etcd-members.ts";
import { fakeObserving } from "./observing.fake.ts";

/** As etcd 3.5 answers: 64-bit numbers as text, and none for a leader that is not known. */
function answer(leader: string | undefined, applied: number): string {
  const header = { cluster_id: "1", member_id: "77", revision: "9", raft_term: "4" };
  return JSON.stringify({
    header,
    version: "3.5.16",
    leader,
    raftIndex: "9",
    raftAppliedIndex: `${applied}`,
  });
}

describe("readEtcdStatus", () => {
  test("a member leads when the leader is itself, follows another, or knows none", () => {
    expect(readEtcdStatus(answer("77", 9))).toEqual({ state: "leader", term: 4, applied: 9n });
    expect(readEtcdStatus(answer("12345678901234567890", 9)).state).toBe("follower");
    expect(readEtcdStatus(answer(undefined, 9)).state).toBe("leaderless");
  });

  test("what is no status is not taken for one", () => {
    expect(() => readEtcdStatus('{"error":"etcdserver: not capable"}')).toThrow();
  });
});

describe("observeEtcdMembers", () => {
  test("tells state and whether a member keeps up, and asks nobody for keys that knows no leader", async () => {
    let behind = answer("5", 100);
    const [leader, follower] = await Promise.all([
      fakeHttp(() => ({ status: 200, body: answer("77", 900) })),
      fakeHttp(() => ({ status: 200, body: behind })),
    ]);
    const observing = fakeObserving();
    const at = { host: "127.0.0.1", everyMs: 5 };
    const members = observeEtcdMembers(
      [
        { ...at, member: "etcd-1", port: leader.port },
        { ...at, member: "etcd-2", port: follower.port },
      ],
      observing,
    );
    await observing.seen((event) => event.kind === "etcd-member" && event.state === "leader");
    await observing.seen(
      (event) => event.kind === "etcd-member" && event.state === "follower" && !event.inSync,
    );
    behind = answer("5", 880);
    await observing.seen(
      (event) => event.kind === "etcd-member" && event.state === "follower" && event.inSync,
    );
    behind = answer(undefined, 880);
    await observing.seen((event) => event.kind === "etcd-member" && event.state === "leaderless");
    expect(members.hosts()).toEqual([`http://127.0.0.1:${leader.port}`]);
    leader.close();
    await observing.seen((event) => event.kind === "etcd-member" && event.state === "unreachable");
    expect(members.hosts()).toEqual([]);
    follower.close();
    observing.end();
  });
});
