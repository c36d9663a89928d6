import { expect, test } from "vitest";
import { fakeComparison, fakeRepeatedComparison } from "../comparison.fake.ts";
import type { InjectionKind } from "../../harness/model/advice.ts";
import { nameSides } from "../group-runs.ts";
import { readableText } from "./readable-text.fake.ts";
import { comparisonPart, renderComparison } from "./render-comparison.ts";
import { fakeRun } from "../run.fake.ts";

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
  expect(readableText(page)).toMatch(/50 % of capacity \| native \| 62 [^]*pgbench \| 58\.0 [^]*k6 \| 260 /);
  expect(page).toContain("The engine k6 knows no intended start");
});

test("what only one side has is named, and not compared", () => {
  const page = readableText(comparisonPart(fakeComparison()).markup);
  expect(page).toContain("Measured on one side alone, and so not compared: step 1: 4,000/s.");
});

test("runs of faults stand side by side by the distribution of their outages, without a chart of load", () => {
  const sides = nameSides(
    [fakeRun(), fakeRun({ censored: true })].map((run, index) => [
      { ...run, directory: `/srv/runs/${index}` },
    ]),
  );
  const page = comparisonPart({
    sides,
    runs: sides.flatMap(({ runs }) => runs),
    compared: { notComparable: [], tested: 0, rows: [] },
  }).markup;
  expect(page).not.toContain('id="chart-load"');
  expect(readableText(page)).toMatch(/isolate-node \| writes \| A \| 3[^]*B \| 3 .*≥ 60 s/);
});

test("what was done on purpose is no fault", () => {
  const run = fakeRun();
  const { plan } = run.recording;
  const done = (kinds: readonly InjectionKind[]): string => {
    const injections = plan.injections.map((one, index) => ({ ...one, kind: kinds[index % kinds.length]! }));
    const one = {
      ...run,
      recording: { ...run.recording, plan: { ...plan, injections } },
      directory: "/srv/runs/0",
    };
    const sides = nameSides([[one], [one]]);
    const compared = { notComparable: [], tested: 0, rows: [] };
    const comparison = { sides, runs: sides.flatMap(({ runs }) => runs), compared };
    return readableText(comparisonPart(comparison).markup);
  };
  expect(done(["fault"])).toMatch(/\nUnavailability per fault\n[^]*Fault \| Not served/);
  expect(done(["operation"])).toMatch(/\nUnavailability per operation\n[^]*Operation \| Not served/);
  expect(done(["fault", "operation"])).toMatch(/\nUnavailability per fault or operation\n/);
});

test("a difference stands with its ratio, interval, p, number of values and finding", () => {
  const page = readableText(comparisonPart(fakeComparison()).markup);
  expect(page).toContain("0.45× (0.42× to 0.47×) ✗ worse\np 0.001, 8 and 8 blocks of 2 s");
  expect(page).toContain("1.00× (0.99× to 1.02×) alike\np 0.006, 8 and 8 blocks of 2 s");
});

test("every word of statistics has its definition, on hover and written out", () => {
  const { markup } = comparisonPart(fakeComparison());
  for (const word of ["ratio", "interval", "finding", "p", "runs", "injections", "blocks"]) {
    expect(markup).toMatch(new RegExp(`<span class="term" title="[^"]+">${word}</span>`));
    expect(markup).toContain(`<li><strong>${word}</strong>: `);
  }
  expect(markup).toContain("8 differences were");
});

test("what is undecided has a note that says why, and what would help", () => {
  const page = readableText(comparisonPart(fakeComparison()).markup);
  expect(page).toMatch(/1\.03× \(0\.94× to 1\.12×\) undecided\d/);
  expect(page).toContain("About 230 s of steady phase might.");
});

test("runs of one side share a column, and its conditions are told together", () => {
  const page = readableText(comparisonPart(fakeRepeatedComparison()).markup);
  expect(page).toContain("2 sides of 6 runs in all, each compared with the first.");
  expect(page).toContain("Of | Figure | native, 3 runs | pgbench, 3 runs");
  expect(page).toContain("seed | 1, 2, 3 | 4, 5, 6");
  expect(page).toMatch(/native 1[^|]*\|[^]*native 3[^|]*\|[^]*pgbench 3[^|]*\|/);
  expect(page).toContain("(0.99× to 1.02×, 90 %) alike\np 0.006, 3 and 3 runs");
});
