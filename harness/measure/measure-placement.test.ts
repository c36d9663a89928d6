import { expect, test } from "vitest";
import type { PlacementReading } from "../model/placement.ts";
import { measurePlacement, placementFigures } from "./measure-placement.ts";

const reading: PlacementReading = {
  variant: "",
  table: "events",
  column: "tenant_id",
  groups: ["worker-1", "worker-2"],
  shards: [
    { shard: "events_p0", group: "worker-1" },
    { shard: "events_p1", group: "worker-2" },
    { shard: "events_p2", group: "worker-1" },
  ],
  keys: [
    { key: -1, group: "worker-2", rows: 1 },
    { key: 1, group: "worker-1", rows: 70 },
    { key: 2, group: "worker-1", rows: 20 },
    { key: 3, group: "worker-1", rows: 9 },
  ],
  more: false,
  problem: null,
};

test("shards, keys and rows are counted by group, and the largest key is named", () => {
  expect(measurePlacement(reading)).toMatchObject({
    shards: 3,
    keys: 4,
    groups: [
      { group: "worker-1", shards: 2, keys: 3, rows: 99 },
      { group: "worker-2", shards: 1, keys: 1, rows: 1 },
    ],
    largest: { key: 1, rows: 70 },
  });
});

test("modulo is right where the remainder's group holds the key, also of numbers below 0", () => {
  const measured = measurePlacement(reading);
  expect(measured.moduloRight).toBe(2);
  expect(placementFigures([measured, measured])).toMatchObject([
    { metric: "modulo-placement", of: "whole run", figure: { kind: "value", value: 0.5 }, n: 8 },
  ]);
});

test("modulo is over the groups that hold shards: drained ones and spare ones do not count", () => {
  const groups = ["worker-0", ...reading.groups, "worker-3"];
  const measured = measurePlacement({ ...reading, groups });
  expect(measured.moduloRight).toBe(2);
  expect(measured.groups).toHaveLength(4);
});

test("tables without a key, and what could not be read, give no figure", () => {
  const figureOf = (changes: Partial<PlacementReading>) =>
    placementFigures([measurePlacement({ ...reading, keys: [], ...changes })])[0]?.figure;
  expect(figureOf({})).toMatchObject({
    kind: "withheld",
    reason: expect.stringContaining("no distributed") as string,
  });
  expect(figureOf({ problem: "not read" })).toEqual({ kind: "withheld", reason: "not read" });
});
