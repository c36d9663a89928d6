import { describe, expect, test } from "vitest";
import type { ClusterEvent } from "../../model/event.ts";
import { asBefore, looks } from "../../model/postgres-states.fake.ts";
import { findPrimaries } from "./find-primaries.ts";
import type { Silence } from "./member-stretches.ts";

const { writable, standby, refused, silent, says } = looks;
const following = (primary: string): ClusterEvent[] => [standby(0, "b", primary), standby(0, "c", primary)];

/** Stretches of the members a, b and c from 0 to 20 s, in words: "9000-15000 a+b, able a+b". */
function found(
  events: readonly ClusterEvent[],
  silences: Readonly<Record<string, readonly Silence[]>> = {},
): string[] {
  const stretches = findPrimaries({
    ...{ group: "g", members: ["a", "b", "c"], events, fromUs: 0, toUs: 20_000_000 },
    silences: new Map(Object.entries(silences)),
  });
  return stretches.map(({ fromUs, toUs, writable: seen, unseen, able, perhapsAble }) =>
    [
      `${fromUs / 1000}-${toUs / 1000} ${seen.join("+")}`,
      ...(unseen.length > 0 ? [`unseen ${unseen.join("+")}`] : []),
      ...(able.length > 0 ? [`able ${able.join("+")}`] : []),
      ...(perhapsAble.length > 0 ? [`perhaps ${perhapsAble.join("+")}`] : []),
    ].join(", "),
  );
}

test("a group with one primary all the time has no stretch", () => {
  expect(found([writable(0, "a"), says(0, "a", 1, ["b"]), ...following("a")])).toEqual([]);
});

test("one primary after the other is not two", () => {
  const events = [writable(0, "a"), ...following("a"), refused(5000, "a"), writable(5000, "b")];
  expect(found(events)).toEqual([]);
});

test("a standby promoted by hand beside an asynchronous primary: both could acknowledge, until one is stopped", () => {
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a")],
    ...[writable(9000, "b"), says(9000, "b", 0), refused(15_000, "b")],
  ];
  expect(found(events)).toEqual(["9000-15000 a+b, able a+b"]);
});

describe("an old primary that wakes beside a new one", () => {
  const frozen = { a: [{ fromUs: 2_000_000, toUs: 9_000_000, endsStopped: false }] };
  const woken = (waitsFor: number, synchronous: readonly string[]): ClusterEvent[] => [
    ...[writable(0, "a"), says(0, "a", waitsFor, synchronous), ...following("a"), silent(2500, "a", 1950)],
    ...[writable(5000, "b"), says(5000, "b", 0), standby(5000, "c", "b")],
    ...[writable(9100, "a"), refused(9300, "a")],
  ];

  test("can acknowledge nothing when its commits wait for a standby that follows the new one", () => {
    expect(found(woken(1, ["b"]), frozen)).toEqual(["9000-9300 a+b, able b"]);
  });

  test("can acknowledge nothing though it still lists its standbys: they say from whom they receive", () => {
    expect(found(woken(1, ["b", "c"]), frozen)).toEqual(["9000-9300 a+b, able b"]);
  });

  test("could acknowledge when its commits wait for none: the same moment is real danger", () => {
    expect(found(woken(0, []), frozen)).toEqual(["9000-9300 a+b, able a+b"]);
  });

  test("and stops waiting for any in the dark could have acknowledged there", () => {
    const events = [...woken(1, ["b"]), says(9100, "a", 0)];
    expect(found(events, frozen)).toEqual(["9000-9100 a+b, able b, perhaps a", "9100-9300 a+b, able a+b"]);
  });

  test("could acknowledge as soon as a synchronous standby receives from it", () => {
    const events = [...woken(1, ["b", "c"]), standby(9200, "c", "a")];
    expect(found(events, frozen)).toEqual(["9000-9200 a+b, able b", "9200-9300 a+b, able a+b"]);
  });

  test("needs as many as its commits wait for", () => {
    const events = [...woken(2, ["b", "c"]), standby(9200, "c", "a")];
    expect(found(events, frozen)).toEqual(["9000-9300 a+b, able b"]);
  });
});

test("a primary that is cut off is seen to be one, and acknowledges nothing to anybody", () => {
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a")],
    ...[writable(5000, "b"), says(5000, "b", 0), refused(8000, "a")],
  ];
  expect(found(events, { a: [{ fromUs: 2_000_000, toUs: 9_000_000, endsStopped: false }] })).toEqual([
    "5000-8000 a+b, able b",
  ]);
});

describe("a member that is not seen", () => {
  const before = [writable(0, "a"), says(0, "a", 0), ...following("a")];

  test("may have been a second primary, when it was a standby and never comes back", () => {
    expect(found([...before, silent(5500, "b", 5000)])).toEqual([
      "5000-20000 a, unseen b, able a, perhaps b",
    ]);
  });

  test("was none when it comes back as the standby that it was", () => {
    expect(found([...before, silent(5500, "b", 5000), standby(9000, "b", "a")])).toEqual([]);
  });

  test("may still acknowledge beside its successor, when its commits wait for none", () => {
    const events = [...before, silent(5500, "a", 5000), writable(7000, "b"), says(7000, "b", 0)];
    expect(found(events)).toEqual(["7000-20000 b, unseen a, able b, perhaps a"]);
  });

  test("may be writable beside its successor and acknowledges nothing, when nobody follows it any more", () => {
    const events = [
      ...[writable(0, "a"), says(0, "a", 1, ["b"]), ...following("a"), silent(5500, "a", 5000)],
      ...[standby(6000, "c", null), writable(7000, "b"), says(7000, "b", 0)],
    ];
    expect(found(events)).toEqual(["7000-20000 b, unseen a, able b"]);
  });

  test("is not the only one that is needed for two", () => {
    const events = [...before, silent(5500, "a", 5000), refused(9000, "a")];
    expect(found(events)).toEqual([]);
  });
});

test("a third primary makes a stretch of its own, with all three named", () => {
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a"), writable(5000, "b"), says(5000, "b", 0)],
    ...[writable(7000, "c"), says(7000, "c", 0), refused(9000, "b"), refused(9000, "c")],
  ];
  expect(found(events)).toEqual(["5000-7000 a+b, able a+b", "7000-9000 a+b+c, able a+b+c"]);
});

test("a stretch that is open at the end lasts to the end, and events out of order are read in order of time", () => {
  const events = [
    ...[writable(9000, "b"), says(9000, "b", 0)],
    ...[...following("a"), says(0, "a", 0), writable(0, "a")],
  ];
  expect(found(events)).toEqual(["9000-20000 a+b, able a+b"]);
});

test("primaries of another group do not meet these", () => {
  const events = [writable(0, "a"), ...following("a"), { ...writable(5000, "b"), group: "h" }];
  expect(found(events)).toEqual([]);
});

test("what another group's primary says does not count here", () => {
  const elsewhere = { ...says(9500, "b", 1, ["c"]), group: "h" };
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a")],
    ...[writable(9000, "b"), says(9000, "b", 0), elsewhere, refused(15_000, "b")],
  ];
  expect(found(events)).toEqual(["9000-15000 a+b, able a+b"]);
});

test("what a primary says cuts a stretch where it changes something, and none outside the part that is looked at", () => {
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a"), writable(9000, "b"), says(9000, "b", 0)],
    ...[
      says(12_000, "a", 1, ["c"]),
      says(13_000, "a", 1, ["c"]),
      standby(12_500, "c", null),
      says(25_000, "a", 0),
    ],
  ];
  expect(found(events)).toEqual(["9000-12500 a+b, able a+b", "12500-20000 a+b, able b"]);
});

test("while the observer stood still, a standby that was found to be a primary just afterwards may have been one", () => {
  const still: ClusterEvent = { kind: "observer-stood-still", fromUs: 4_000_000, atUs: 9_000_000 };
  const events = [
    ...[writable(0, "a"), says(0, "a", 0), ...following("a")],
    ...[still, standby(9050, "b", "a", 8000)],
  ];
  expect(found(events)).toEqual(["4000-8000 a, unseen b, able a, perhaps b"]);
  expect(found(events.filter(({ kind }) => kind !== "observer-stood-still"))).toEqual([]);
});

test("of an older recording it is not known what two writable members could acknowledge", () => {
  const events = [
    ...[writable(0, "a"), says(0, "a", 1, ["b"]), ...following("a")],
    ...[writable(9000, "b"), says(9000, "b", 0), standby(15_000, "b", "a", 14_000)],
  ];
  expect(found(events.map(asBefore))).toEqual(["9000-15000 a+b, perhaps a+b"]);
});
