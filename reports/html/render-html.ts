import type { Run } from "../run.ts";
import type { BenchmarkData } from "./benchmark-data.ts";
import { benchmarkSections } from "./benchmark-sections.ts";
import type { ChartData } from "./chart-data.ts";
import { collectBenchmarkData } from "./collect-benchmark-data.ts";
import { collectChartData } from "./collect-chart-data.ts";
import { faultSections } from "./fault-sections.ts";
import type { Markup } from "./markup.ts";
import { pageOf } from "./page.ts";

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
  const { benchmark } = run.recording.plan;
  return benchmark === null ? faultSections(run) : benchmarkSections(run, benchmark);
}

function chartData(run: Run): ChartData | BenchmarkData {
  return run.recording.plan.benchmark === null ? collectChartData(run) : collectBenchmarkData(run);
}
