import { expect, test } from "vitest";
import { fakeRecording } from "./recording.fake.ts";

test("the same seed makes the same recording", () => {
  expect(fakeRecording({ quick: true, seed: 3 })).toEqual(fakeRecording({ quick: true, seed: 3 }));
});

test("a whole fake run has fifteen injections of five faults, and readings after each", () => {
  const { plan, ledgers, end } = fakeRecording();
  expect(plan.injections).toHaveLength(15);
  expect(new Set(plan.injections.map(({ fault }) => fault)).size).toBe(5);
  expect(ledgers).toHaveLength(16 * 2);
  expect(end.kind).toBe("complete");
});
