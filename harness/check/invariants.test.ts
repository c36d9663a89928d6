import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { Checked } from "../model/checker.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { InvariantReading } from "../model/stage.ts";
import { invariants } from "./invariants.ts";

const recording = fakeBenchmarkRecording();
const [held] = recording.invariants;

test("an invariant that was not read is not decided, and a gap that says why, and of which variant", () => {
  const unread = { ...held!, found: null, problem: "no connection." };
  const was = '"No row was added or lost" was not read: no connection';
  const { findings, gaps } = checked(unread, { ...unread, variant: "a" });
  expect(findings[0]?.figure).toEqual({ kind: "withheld", reason: was });
  expect(gaps).toEqual([`Invariant ${was}.`, `Invariant (a) ${was}.`]);
});

test("one that holds is not found, and one that is broken is found with its evidence and the missing ids", () => {
  const evidence = "Ids were compared.";
  const { findings, gaps } = checked(held!, { ...held!, found: 1, evidence, missingIds: [5, 6] });
  expect(findings.map(({ figure }) => figure)).toEqual([
    { kind: "value", value: 0 },
    { kind: "value", value: 1 },
  ]);
  expect(findings[1]).toMatchObject({ evidence, ids: [5, 6] });
  expect(gaps).toEqual([]);
});

test("a run of faults has none", () => {
  expect(invariants.check(fakeRecording({ quick: true }))).toEqual({
    notApplicable: "there was no benchmark",
  });
});

function checked(...readings: readonly InvariantReading[]): Checked {
  const found = invariants.check({ ...recording, invariants: readings });
  if ("notApplicable" in found) throw new Error(found.notApplicable);
  return found;
}
