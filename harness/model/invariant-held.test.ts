import { expect, test } from "vitest";
import { invariantHeld, whyInvariantUnknown } from "./invariant-held.ts";
import type { InvariantReading } from "./stage.ts";

test("a count without writes of unknown outcome is right or wrong", () => {
  expect([99, 100, 101].map((found) => invariantHeld(counted(found, 100, 100)))).toEqual([
    "fail",
    "pass",
    "fail",
  ]);
});

test("a count among writes of unknown outcome is right for certain only where all of them took effect", () => {
  expect([99, 100, 109, 110, 111].map((found) => invariantHeld(counted(found, 100, 110)))).toEqual([
    "fail",
    "unknown",
    "unknown",
    "pass",
    "fail",
  ]);
});

test("how many may be missing is said", () => {
  expect(whyInvariantUnknown(counted(103, 100, 110))).toBe(
    '"every row is there": up to 7 may be missing behind as many of unknown outcome that took effect, and counts cannot tell',
  );
  expect(whyInvariantUnknown(counted(110, 100, 110))).toBeNull();
  expect(whyInvariantUnknown(counted(90, 100, 110))).toBeNull();
});

test("what could not be read is unknown, and why is said", () => {
  const unread = { ...counted(0, 100, 100), found: null, problem: "no connection." };
  expect(invariantHeld(unread)).toBe("unknown");
  expect(whyInvariantUnknown(unread)).toBe('"every row is there" was not read: no connection');
});

function counted(found: number, atLeast: number, atMost: number): InvariantReading {
  return {
    variant: "",
    workload: "insert",
    title: "every row is there",
    found,
    atLeast,
    atMost,
    problem: null,
  };
}
