import { expect, test } from "vitest";
import { fakeComparison } from "./comparison.fake.ts";
import { renderComparisonJson } from "./comparison-json.ts";
import { renderComparisonSummary } from "./comparison-summary.ts";
import { readableText } from "./html/readable-text.fake.ts";
import { comparisonPart } from "./html/render-comparison.ts";

const options = { colour: false, width: 80, pagePath: "runs/x/compare.html" };

test("the terminal's comparison reads as its golden file", async () => {
  await expect(renderComparisonSummary(fakeComparison(), options)).toMatchFileSnapshot(
    "golden/comparison-summary.txt",
  );
});

test("a comparison of different things ends with why nothing is decided", () => {
  const summary = renderComparisonSummary(
    fakeComparison(["They ran on different machines: A | B."]),
    options,
  );
  expect(summary).toContain("Nothing is decided: They ran on different machines: A | B.");
  expect(summary.trimEnd().split("\n").at(-1)).toBe("Page: runs/x/compare.html");
});

test("what is decided between other arrivals says so once for a stage", () => {
  const note = "arrivals poisson and constant: evenly spaced (constant) ones wait in shorter queues";
  const { compared, ...others } = fakeComparison();
  const rows = compared.rows.map((row) => (row.of === "confirmation" ? { ...row, note } : row));
  const comparison = { ...others, compared: { ...compared, rows } };
  const text = renderComparisonSummary(comparison, { ...options, width: 120 });
  expect(text.split(`(${note})`)).toHaveLength(2);
  expect(readableText(comparisonPart(comparison).markup)).toContain(`⚠ ${note}`);
});

test("the JSON document holds runs, differences and every figure", () => {
  const comparison = fakeComparison();
  const document = JSON.parse(renderComparisonJson(comparison, options.pagePath)) as Record<string, unknown>;
  expect(document).toMatchObject({
    formatVersion: 2,
    comparable: true,
    figures: comparison.compared.rows,
    page: options.pagePath,
  });
  expect(document.runs).toMatchObject([{ name: "native" }, { name: "pgbench" }, { name: "k6" }]);
  expect(document.sides).toMatchObject([{ runs: ["native"] }, { runs: ["pgbench"] }, { runs: ["k6"] }]);
});
