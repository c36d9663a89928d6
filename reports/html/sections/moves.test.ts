import { expect, test } from "vitest";
import type { InjectionMeasurement } from "../../../harness/model/measurement.ts";
import { Footnotes } from "../footnotes.ts";
import { readableText } from "../readable-text.fake.ts";
import { fakeRun } from "../../run.fake.ts";
import { moves } from "./moves.ts";

const moved: NonNullable<InjectionMeasurement["moves"]> = {
  shards: { kind: "value", value: 4 },
  mebibytes: { kind: "value", value: 12.5 },
  seconds: { kind: "value", value: 7.25 },
  longestLockMs: { kind: "value", value: 31 },
  endedAtUs: 40e6,
  each: [
    {
      ...{ name: "p2", shards: 2, from: "worker-1", to: "worker-3" },
      ...{ bytes: 6_250_000, endedAtUs: 38e6, tookMs: 2500, lockedMs: null },
    },
  ],
};

function textOf(of: InjectionMeasurement["moves"]): string | null {
  const run = fakeRun();
  const injections = run.measurements.injections.map((one) => ({ ...one, moves: of }));
  const section = moves({ ...run, measurements: { ...run.measurements, injections } }, new Footnotes());
  return section === null ? null : readableText(section.markup);
}

test("what was moved, for how long, and what was locked meanwhile is told", () => {
  const text = textOf(moved);
  expect(text).toContain("4 shards, 12.5 MiB, in 7.25 s; the longest lock took 31 ms");
  expect(text).toContain("p2 | 2 | worker-1 | worker-3");
});

test("nothing is told where nothing moves shards", () => {
  expect(textOf(undefined)).toBeNull();
});
