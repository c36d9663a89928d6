import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import type { StageMeasurement } from "../model/measurement.ts";
import { loadingFigures, measureLoading } from "./measure-loading.ts";

const made = (index: string, group: string, tookMs: number): ClusterEvent => ({
  kind: "index-made",
  atUs: 0,
  group,
  table: "items",
  index,
  tookMs,
  bytes: 2 * 1024 * 1024,
  memory: "64MB",
  parallelWorkers: 2,
});

test("rows per second are those of the whole load, and searching begins after the last row", () => {
  const measured = measureLoading([
    made("items_embedding", "coordinators", 1500),
    { kind: "searchable", atUs: 0, table: "items", tookMs: 1600 },
    { kind: "rows-loaded", atUs: 0, table: "items", rows: 50_000, tookMs: 10_000 },
  ]);
  expect(measured).toMatchObject([
    { variant: "", loaded: { table: "items", rows: 50_000, seconds: 10, searchableSeconds: 1.6 } },
  ]);
  expect(valuesOf(measured)).toEqual([
    "rows-loaded of whole run: 5000",
    "time-until-searchable of whole run: 1.6",
    "index-build of whole run: 1.5",
    "index-size of whole run: 2",
  ]);
});

test("of groups that make an index at the same time the slowest counts; sizes add up", () => {
  const measured = measureLoading([
    { kind: "variant", atUs: 0, variant: "two workers" },
    made("items_embedding", "worker-1", 1000),
    made("items_embedding", "worker-2", 3000),
    made("items_body", "worker-1", 500),
    { kind: "variant", atUs: 0, variant: "no index" },
  ]);
  expect(valuesOf(measured)).toEqual(["index-build of two workers: 3.5", "index-size of two workers: 6"]);
});

test("what followed a load that went wrong, or of which nothing came in, is withheld", () => {
  const loaded = (rows: number): ClusterEvent => ({
    kind: "rows-loaded",
    atUs: 0,
    table: "items",
    rows,
    tookMs: 1000,
  });
  const searchable: ClusterEvent = { kind: "searchable", atUs: 0, table: "items", tookMs: 100 };
  const client = { clientBound: null } as StageMeasurement["client"];
  const stage = { variant: "" } as StageMeasurement["stage"];
  const figures = (events: readonly ClusterEvent[], changes: Partial<StageMeasurement> = {}) =>
    loadingFigures(measureLoading(events), [{ stage, client, problem: null, ...changes }]).map(
      ({ figure }) => figure,
    );
  expect(figures([loaded(500), searchable], { problem: "it broke off" })).toEqual([
    { kind: "withheld", reason: "it broke off" },
    { kind: "withheld", reason: "it broke off" },
  ]);
  expect(figures([loaded(0)])).toEqual([
    { kind: "value", value: 0 },
    { kind: "withheld", reason: "no row was loaded" },
  ]);
  expect(figures([loaded(500)])[1]).toMatchObject({ kind: "withheld" });
  const full = { ...client, clientBound: "its CPU was full" };
  expect(figures([loaded(500), searchable], { client: full })).toEqual([
    { kind: "at-least", value: 500 },
    { kind: "value", value: 0.1 },
  ]);
});

test("nothing was loaded or indexed: there is nothing to tell", () => {
  expect(measureLoading([{ kind: "note", atUs: 0, text: "" }])).toEqual([]);
});

function valuesOf(measured: ReturnType<typeof measureLoading>): readonly string[] {
  return loadingFigures(measured, []).map(
    ({ metric, of, figure }) => `${metric} of ${of}: ${figure.kind === "value" ? figure.value : "?"}`,
  );
}
