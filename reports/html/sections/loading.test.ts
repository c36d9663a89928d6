import { expect, test } from "vitest";
import type { LoadingMeasurement } from "../../../harness/model/loading.ts";
import { fakeBenchmarkRun } from "../../benchmark-run.fake.ts";
import { readableText } from "../readable-text.fake.ts";
import { loading } from "./loading.ts";

const measured: LoadingMeasurement = {
  variant: "",
  loaded: { table: "items", rows: 120_000, seconds: 4, searchableSeconds: 31.5 },
  indexes: [
    {
      table: "items",
      index: "items_embedding",
      group: "coordinators",
      seconds: 31.25,
      bytes: 12 * 1024 * 1024,
      memory: "64MB",
      parallelWorkers: 2,
    },
  ],
};

function textOf(loadings: readonly LoadingMeasurement[]): string | null {
  const run = fakeBenchmarkRun();
  const found = loading({ ...run, measurements: { ...run.measurements, loadings } });
  return found === null ? null : readableText(found.markup);
}

test("rows per second, build time, size and memory are told", () => {
  const text = textOf([measured]);
  expect(text).toMatch(/items: 120,000 rows in 4 s, 30,000 rows per second; searchable 31\.5 s after/);
  expect(text).toMatch(/items_embedding on items \| coordinators \| 31\.3 s \| 12/);
  expect(text).toContain("64MB | 2");
});

test("tables that were filled before the load have their indexes alone", () => {
  const text = textOf([{ ...measured, loaded: null }]);
  expect(text).not.toContain("rows in");
  expect(text).toContain("31.3 s");
});

test("without secondary indexes there is no such section", () => {
  expect(textOf([])).toBeNull();
});
