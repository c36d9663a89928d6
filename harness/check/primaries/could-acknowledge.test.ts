import { describe, expect, test } from "vitest";
import type { EventOf } from "../../model/event.ts";
import { looks } from "../../model/postgres-states.fake.ts";
import { couldAcknowledge } from "./could-acknowledge.ts";
import type { MemberStretch } from "./member-stretches.ts";

type At = Omit<MemberStretch, "fromUs" | "toUs">;
type Told = EventOf<"replication-state">;

const writable: At = { is: "writable" };
const from = (receivesFrom: string | null | undefined): At => ({ is: "standby", receivesFrom });
const says = (atMs: number, waitsFor: number, synchronous: readonly string[] = [], primary = "a"): Told =>
  looks.says(atMs, primary, waitsFor, synchronous) as Told;
const lists = (atMs: number, canConfirm: readonly string[]): Told =>
  looks.says(atMs, "a", 1, canConfirm, canConfirm) as Told;

/** Of the member a at 5 s, in stretches of 4 to 8 s. */
function could(members: Readonly<Record<string, At>>, told: readonly Told[]): string {
  const group = new Map(
    Object.entries(members).map(([name, at]) => [name, { fromUs: 4_000_000, toUs: 8_000_000, ...at }]),
  );
  return couldAcknowledge("a", group, told, 5_000_000);
}

test("a primary that waits for no standby could", () => {
  expect(could({ a: writable }, [says(0, 0)])).toBe("yes");
  expect(could({ a: writable, b: from(null) }, [says(0, 0)])).toBe("yes");
});

test("what is no primary, or out of every client's reach, could not", () => {
  const told = [says(0, 0)];
  expect(could({}, told)).toBe("no");
  expect(could({ a: { is: "off" } }, told)).toBe("no");
  expect(could({ a: from("b") }, told)).toBe("no");
  expect(could({ a: { ...writable, cutOff: true } }, told)).toBe("no");
});

test("one that never said for how many it waits perhaps could", () => {
  expect(could({ a: writable }, [])).toBe("perhaps");
  expect(could({ a: writable }, [says(0, 0, [], "b")])).toBe("perhaps");
  expect(could({ a: writable }, [says(5001, 0)])).toBe("perhaps");
  const { commitsWaitFor: _, ...before } = says(0, 0);
  expect(could({ a: writable }, [before])).toBe("perhaps");
});

test("what it said last counts, up to this moment", () => {
  expect(could({ a: writable, b: from(null) }, [says(0, 0), says(5000, 1, ["b"])])).toBe("no");
  expect(could({ a: writable, b: from(null) }, [says(0, 1, ["b"]), says(5000, 0)])).toBe("yes");
  expect(could({ a: writable, b: from(null) }, [says(0, 1, ["b"]), says(4000, 0, [], "b")])).toBe("no");
});

describe("one that waits for a standby", () => {
  const waits = [says(0, 1, ["b"])];

  test("could as soon as one that is synchronous receives from it", () => {
    expect(could({ a: writable, b: from("a") }, waits)).toBe("yes");
  });

  test("perhaps could where only one that was not synchronous does", () => {
    expect(could({ a: writable, b: from(null), c: from("a") }, waits)).toBe("perhaps");
  });

  test("could not where all receive from another member, from nobody, or are none", () => {
    expect(could({ a: writable, b: from("c"), c: writable }, waits)).toBe("no");
    expect(could({ a: writable, b: from(null) }, waits)).toBe("no");
    expect(could({ a: writable, b: { is: "off" } }, waits)).toBe("no");
    expect(could({ a: writable, b: { is: "off", receivesFrom: "a" } }, waits)).toBe("no");
    expect(could({ a: writable, b: { ...writable, receivesFrom: "a" } }, waits)).toBe("no");
    expect(could({ a: writable, b: { ...from("a"), cutOff: true } }, waits)).toBe("no");
    expect(could({ a: writable }, waits)).toBe("no");
  });

  test("perhaps could where one is not seen, or does not say from whom it receives, or from a stranger", () => {
    expect(could({ a: writable, b: { is: "unseen" } }, waits)).toBe("perhaps");
    expect(could({ a: writable, b: { is: "unseen", receivesFrom: null } }, waits)).toBe("perhaps");
    expect(could({ a: writable, b: from(undefined) }, waits)).toBe("perhaps");
    expect(could({ a: writable, b: from("10.0.0.9") }, waits)).toBe("perhaps");
  });

  test("is confirmed by none that it does not list", () => {
    const onlyB = [lists(0, ["b"])];
    expect(could({ a: writable, b: { ...writable }, c: from("a") }, onlyB)).toBe("no");
    expect(could({ a: writable, b: from(null), c: { is: "unseen" } }, onlyB)).toBe("no");
    expect(could({ a: writable, b: from("a"), c: from("a") }, onlyB)).toBe("yes");
    expect(could({ a: writable, b: writable, c: from("a") }, [lists(0, ["b", "c"])])).toBe("yes");
  });

  test("needs as many as it waits for: one that may is not two that do", () => {
    const two = [says(0, 2, ["b", "c"])];
    expect(could({ a: writable, b: from("a"), c: from("a") }, two)).toBe("yes");
    expect(could({ a: writable, b: from("a"), c: { is: "unseen" } }, two)).toBe("perhaps");
    expect(could({ a: writable, b: from("a"), c: from(null) }, two)).toBe("no");
  });
});

describe("one that is not seen, or only inferred", () => {
  const unseen: At = { is: "unseen", was: "writable" };

  test("perhaps could where it waited for none when it was seen last", () => {
    expect(could({ a: unseen }, [says(0, 0)])).toBe("perhaps");
    expect(could({ a: { ...writable, inferred: true } }, [says(0, 0)])).toBe("yes");
  });

  test("is taken to wait for as many as then", () => {
    expect(could({ a: unseen, b: from(null) }, [says(0, 1, ["b"])])).toBe("no");
    expect(could({ a: unseen, b: from("a") }, [says(0, 1, ["b"])])).toBe("perhaps");
    expect(could({ a: { ...writable, inferred: true }, b: from(null) }, [says(0, 1, ["b"])])).toBe("no");
  });

  test("is taken to list whom it listed then, or lists when it is seen next, at the end of the stretch at the latest", () => {
    const group = { a: unseen, b: writable, c: from("a") };
    expect(could(group, [lists(0, ["b"])])).toBe("no");
    expect(could(group, [lists(0, ["b", "c"])])).toBe("perhaps");
    expect(could(group, [lists(0, ["b"]), lists(8000, ["c"])])).toBe("perhaps");
    expect(could(group, [lists(0, ["b"]), lists(8001, ["c"])])).toBe("no");
    expect(could(group, [lists(0, ["b"]), says(8000, 1, ["c"])])).toBe("perhaps");
    // One that is seen says itself whom it lists.
    expect(could({ ...group, a: writable }, [lists(0, ["b"]), lists(8000, ["c"])])).toBe("no");
  });

  test("perhaps could where it waits for none when it is seen next, at the end of the stretch at the latest", () => {
    const next = (atMs: number, waitsFor: number, primary = "a") => [
      says(0, 1, ["b"]),
      says(atMs, waitsFor, ["b"], primary),
    ];
    expect(could({ a: unseen, b: from(null) }, next(8000, 0))).toBe("perhaps");
    expect(could({ a: unseen, b: from(null) }, next(8001, 0))).toBe("no");
    expect(could({ a: unseen, b: from(null) }, next(8000, 1))).toBe("no");
    expect(could({ a: unseen, b: from(null) }, next(8000, 0, "b"))).toBe("no");
    expect(could({ a: { ...writable, inferred: true }, b: from(null) }, next(8000, 0))).toBe("perhaps");
    // One that is seen says itself that it waits.
    expect(could({ a: writable, b: from(null) }, next(8000, 0))).toBe("no");
  });

  test("perhaps could where nobody saw it as a primary before either: what it waits for now is not known", () => {
    expect(could({ a: { is: "unseen", was: "standby" }, b: from(null) }, [says(0, 1, ["b"])])).toBe(
      "perhaps",
    );
    expect(could({ a: { is: "unseen" }, b: from(null) }, [says(0, 1, ["b"])])).toBe("perhaps");
  });
});
