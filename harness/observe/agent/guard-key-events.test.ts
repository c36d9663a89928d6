import { describe, expect, test } from "vitest";
import { leaderKeys } from "./leader-keys.ts";
import { fakeObserving } from "./observing.fake.ts";

const folder = "/leader-guard/coordinators/";
const record = (dryRun = false): string =>
  JSON.stringify({
    leader: "c1",
    leaderRevision: "7",
    by: "guard-2",
    why: "2 of 3 guards agree",
    votes: {},
    dryRun,
  });

function watching() {
  const observing = fakeObserving();
  const groups = [{ group: "coordinators", folder: "/service/coordinators/", guardFolder: folder }];
  return { keys: leaderKeys(groups, observing), events: observing.events };
}

describe("the leader guards' keys", () => {
  test("a guard that begins to look, and one whose lease ended, are told of once", () => {
    const { keys, events } = watching();
    keys.read("1", [{ key: `${folder}watching/guard-1`, value: "" }]);
    keys.changed("2", [{ key: `${folder}watching/guard-1`, value: "" }]);
    keys.changed("3", [{ key: `${folder}watching/guard-1`, value: null }]);
    expect(events).toEqual([
      { kind: "guard-state", atUs: 0, group: "coordinators", guard: "guard-1", watching: true },
      { kind: "guard-state", atUs: 0, group: "coordinators", guard: "guard-1", watching: false },
    ]);
  });

  test("a release is told with its reason, before the end of the key that came with it", () => {
    const { keys, events } = watching();
    keys.read("1", [{ key: "/service/coordinators/leader", value: "c1" }]);
    keys.changed("8", [
      { key: "/service/coordinators/leader", value: null },
      { key: `${folder}releases/7`, value: record() },
    ]);
    expect(events.slice(1)).toEqual([
      {
        kind: "leader-key-released",
        atUs: 0,
        group: "coordinators",
        leader: "c1",
        by: "guard-2",
        why: "2 of 3 guards agree",
        dryRun: false,
      },
      { kind: "leader-key-gone", atUs: 0, group: "coordinators", leader: "c1" },
    ]);
  });

  test("records of what was done before the watching are no news; one that came while nothing was seen is", () => {
    const { keys, events } = watching();
    keys.read("1", [{ key: `${folder}releases/3`, value: record() }]);
    expect(events).toEqual([]);
    keys.forgetRevision();
    keys.read("9", [
      { key: `${folder}releases/3`, value: record() },
      { key: `${folder}releases/7`, value: record(true) },
    ]);
    expect(events).toMatchObject([{ kind: "leader-key-released", dryRun: true }]);
  });

  test("the time in which no key is given up again begins with a release, and ends with its lease, seen or not", () => {
    const { keys, events } = watching();
    keys.read("1", []);
    keys.changed("8", [
      { key: `${folder}acted`, value: "guard-2" },
      { key: `${folder}releases/7`, value: record() },
    ]);
    keys.changed("9", [{ key: `${folder}acted`, value: null }]);
    keys.changed("12", [{ key: `${folder}acted`, value: "guard-1" }]);
    keys.read("30", []);
    expect(events.filter((event) => "resting" in event)).toEqual(
      [true, false, true, false].map((resting) => ({
        kind: "guards-resting",
        atUs: 0,
        group: "coordinators",
        resting,
      })),
    );
  });

  test("a guard that went while nothing was seen is told of when the keys are read again", () => {
    const { keys, events } = watching();
    keys.read("1", [{ key: `${folder}watching/guard-1`, value: "" }]);
    keys.read("5", []);
    expect(events.at(-1)).toMatchObject({ kind: "guard-state", guard: "guard-1", watching: false });
  });
});
