import type { Run } from "../run.ts";
import type { RunData } from "./benchmark-data.ts";
import { collectBenchmarkData } from "./collect-benchmark-data.ts";
import { collectChartData } from "./collect-chart-data.ts";
import type { Markup } from "./markup.ts";
import { pageOf } from "./page.ts";
import { reportSections } from "./report-sections.ts";

/**
 * report.html: one file that needs nothing else. Its policy forbids every request; the tables need no
 * JavaScript; `chartsScript` is the bundle of client/report-charts.ts.
 */
export function renderHtml(run: Run, assets: { readonly chartsScript: string }): string {
  const { scenario, topology } = run.recording.plan;
  return pageOf({
    title: `${run.verdict.outcome}: ${scenario.name} on ${topology.name} - dpg-bench`,
    content: staticPart(run),
    data: chartData(run),
    chartsScript: assets.chartsScript,
  });
}

/** Everything that can be read without the script: text, tables, the drawing of the nodes. */
export function staticPart(run: Run): Markup {
  return reportSections(run);
}

function chartData(run: Run): RunData {
  const { load, benchmark } = run.recording.plan;
  return {
    kind: "run",
    faults: load === null ? null : collectChartData(run),
    benchmark: benchmark === null ? null : collectBenchmarkData(run),
  };
}
