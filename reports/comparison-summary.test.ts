import { expect, test } from "vitest";
import { fakeComparison } from "./comparison.fake.ts";
import { renderComparisonJson } from "./comparison-json.ts";
import { renderComparisonSummary } from "./comparison-summary.ts";

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
