import { expect, test } from "vitest";
import { fakeComparison } from "../comparison.fake.ts";
import { nameRuns } from "../name-runs.ts";
import { fakeRun } from "../run.fake.ts";
import { readableText } from "./readable-text.fake.ts";
import { comparisonPart, renderComparison } from "./render-comparison.ts";

test("the text and tables of a comparison read as their golden file", async () => {
  await expect(readableText(comparisonPart(fakeComparison()).markup)).toMatchFileSnapshot(
    "../golden/comparison.txt",
  );
});

test("what runs differ in comes before any figure", () => {
  const page = readableText(comparisonPart(fakeComparison()).markup);
  const order = ["The runs", "In what they differ", "Latency by load", "Figures side by side"];
  const places = order.map((title) => page.indexOf(`\n${title}\n`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(page).toContain("benchmark.client.engine | native | pgbench | k6");
  expect(page).toContain("seed | 42 | 42 | 43");
});

test("runs that are not of the same thing are said to be so on top, and why", () => {
  const why = "They ran on different machines: A | B.";
  const page = readableText(comparisonPart(fakeComparison([why])).markup);
  expect(page.slice(0, 400)).toContain(why);
});

test("the three engines are groups of one chart, and each one's cost per operation stands beside the others'", () => {
  const page = renderComparison(fakeComparison(), { chartsScript: "" });
  const data = /id="chart-data">([^<]*)</.exec(page)?.[1] ?? "";
  const { load } = JSON.parse(data) as { load: { groups: { name: string }[] } };
  expect(load.groups.map(({ name }) => name)).toEqual(["native", "pgbench", "k6"]);
  expect(readableText(page)).toMatch(
    /50 % of capacity \| native \| 62\.\d[^]*pgbench \| 58\.\d[^]*k6 \| 260\.\d/,
  );
  expect(page).toContain("The engine k6 knows no intended start");
});

test("what only one run has is named, and not compared", () => {
  const page = readableText(comparisonPart(fakeComparison()).markup);
  expect(page).toContain("Measured in one run alone, and so not compared: step 1: 4,000/s.");
});

test("runs of faults stand side by side by the distribution of their outages, without a chart of load", () => {
  const runs = [fakeRun(), fakeRun({ censored: true })].map((run, index) => ({
    ...run,
    name: nameRuns([run, run])[index] ?? "",
    directory: `/srv/runs/${index}`,
  }));
  const page = comparisonPart({ runs, compared: { notComparable: [], rows: [] } }).markup;
  expect(page).not.toContain('id="chart-load"');
  expect(readableText(page)).toMatch(/isolate-node \| writes \| A \| 3[^]*B \| 3 .*≥ 60 s/);
});
