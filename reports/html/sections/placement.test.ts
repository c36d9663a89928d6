import { expect, test } from "vitest";
import type { PlacementMeasurement } from "../../../harness/model/placement.ts";
import { fakeBenchmarkRun } from "../../benchmark-run.fake.ts";
import { readableText } from "../readable-text.fake.ts";
import { placement } from "./placement.ts";

const measured: PlacementMeasurement = {
  variant: "",
  table: "events",
  column: "tenant_id",
  shards: 3,
  keys: 4,
  more: false,
  moduloRight: 1,
  groups: [
    { group: "worker-1", shards: 2, keys: 3, rows: 90 },
    { group: "worker-2", shards: 1, keys: 1, rows: 10 },
  ],
  largest: { key: 1, group: "worker-1", rows: 70 },
  problem: null,
};

function textOf(placements: readonly PlacementMeasurement[]): string | null {
  const run = fakeBenchmarkRun();
  const section = placement({ ...run, measurements: { ...run.measurements, placements } });
  return section === null ? null : readableText(section.markup);
}

test("the share of each group, the hot key, and how often modulo is right are told", () => {
  const text = textOf([measured]);
  expect(text).toContain("worker-1 | 2 | 3 | 90 | 90");
  expect(text).toContain("tenant_id % 2 names the group of 1 of 4 keys (25");
  expect(text).toContain("the largest, 1 on worker-1, has 70");
});

test("what was not read is said to be so, and nothing where no table is distributed", () => {
  expect(textOf([{ ...measured, problem: "no answer" }])).toContain("it was not read: no answer");
  expect(textOf([{ ...measured, keys: 0, largest: null }])).toContain("no keys that are numbers");
  expect(textOf([])).toBeNull();
});
