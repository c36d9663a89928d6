import { describe, expect, test } from "vitest";
import { leaderKeys } from "./leader-keys.ts";
import { fakeObserving } from "./observing.fake.ts";

function watching() {
  const observing = fakeObserving();
  const keys = leaderKeys(
    [
      { group: "coordinators", folder: "/service/coordinators/", guardFolder: "/leader-guard/coordinators/" },
      { group: "worker-1", folder: "/service/worker-1/", guardFolder: "/leader-guard/worker-1/" },
    ],
    observing,
  );
  return { keys, events: observing.events };
}

const leader = (group: string, value: string | null) => ({ key: `/service/${group}/leader`, value });

describe("leaderKeys", () => {
  test("a key that is read, deleted and created again becomes set, gone and set", () => {
    const { keys, events } = watching();
    keys.read("7", [leader("coordinators", "coordinator-1")]);
    keys.changed("8", [leader("coordinators", null)]);
    keys.changed("9", [leader("coordinators", "coordinator-2")]);
    expect(events).toEqual([
      { kind: "leader-key-set", atUs: 0, group: "coordinators", leader: "coordinator-1" },
      { kind: "leader-key-gone", atUs: 0, group: "coordinators", leader: "coordinator-1" },
      { kind: "leader-key-set", atUs: 0, group: "coordinators", leader: "coordinator-2" },
    ]);
    expect(keys.revision()).toBe(10n);
  });

  test("a leader that writes its own key again is no news", () => {
    const { keys, events } = watching();
    keys.read("1", [leader("worker-1", "worker-1a")]);
    keys.changed("2", [leader("worker-1", "worker-1a")]);
    expect(events).toHaveLength(1);
  });

  test("what changed while nothing was seen is told when the keys are read again", () => {
    const { keys, events } = watching();
    keys.read("1", [leader("worker-1", "worker-1a"), leader("coordinators", "coordinator-1")]);
    keys.forgetRevision();
    expect(keys.revision()).toBeNull();
    keys.read("5000", [leader("coordinators", "coordinator-3")]);
    expect(events.slice(2)).toEqual([
      { kind: "leader-key-set", atUs: 0, group: "coordinators", leader: "coordinator-3" },
      { kind: "leader-key-gone", atUs: 0, group: "worker-1", leader: "worker-1a" },
    ]);
  });

  test("whom Patroni's key sync lists is told when it changes, and when it is gone", () => {
    const { keys, events } = watching();
    const sync = (value: string | null) => ({ key: "/service/coordinators/sync", value });
    keys.read("1", [
      sync('{"leader":"coordinator-1","sync_standby":"coordinator-2,coordinator-3","quorum":1}'),
    ]);
    keys.changed("2", [
      sync('{"leader":"coordinator-1","sync_standby":"coordinator-2,coordinator-3","quorum":0}'),
    ]);
    keys.changed("3", [sync('{"leader":null,"sync_standby":null,"quorum":0}')]);
    keys.changed("4", [sync("")]);
    keys.changed("5", [sync('{"leader":"coordinator-2","sync_standby":null}')]);
    keys.read("9", []);
    const told = { kind: "sync-key", atUs: 0, group: "coordinators" };
    expect(events).toEqual([
      { ...told, leader: "coordinator-1", standbys: ["coordinator-2", "coordinator-3"] },
      { ...told, leader: null, standbys: [] },
      { ...told, leader: "coordinator-2", standbys: [] },
      { ...told, leader: null, standbys: [] },
    ]);
  });

  test("each write of the status key is a turn of the loop; other keys and groups are nothing", () => {
    const { keys, events } = watching();
    keys.changed("3", [
      { key: "/service/worker-1/status", value: "{}" },
      { key: "/service/worker-1/members/worker-1a", value: "{}" },
      { key: "/service/elsewhere/status", value: "{}" },
      { key: "/service/worker-1/status", value: null },
    ]);
    expect(events).toEqual([{ kind: "loop-tick", atUs: 0, group: "worker-1" }]);
  });

  test("the groups of a Citus cluster are told apart by their numbers in one scope", () => {
    const observing = fakeObserving();
    const groups = [0, 1, 10].map((number) => ({
      group: `g${number}`,
      folder: `/service/citus/${number}/`,
      guardFolder: `/leader-guard/citus/${number}/`,
    }));
    leaderKeys(groups, observing).changed("2", [
      { key: "/service/citus/10/leader", value: "worker-10a" },
      { key: "/service/citus/1/status", value: "{}" },
      { key: "/service/citus/leader", value: "nobody" },
    ]);
    expect(observing.events).toEqual([
      { kind: "leader-key-set", atUs: 0, group: "g10", leader: "worker-10a" },
      { kind: "loop-tick", atUs: 0, group: "g1" },
    ]);
  });
});
