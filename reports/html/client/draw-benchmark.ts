import type { BenchmarkData, ComparisonData } from "../benchmark-data.ts";
import type { ChartBoard } from "./chart-board.ts";
import { currentColours } from "./colours.ts";
import { loadChart, type PercentileName } from "./load-chart.ts";
import { onChoice } from "./on-choice.ts";
import { percentileChart } from "./percentile-chart.ts";
import { resourcesChart } from "./resources-chart.ts";
import { stagesChart } from "./stages-chart.ts";
import { waitsChart } from "./waits-chart.ts";

/** Charts of a benchmark's page. */
export function drawBenchmark(data: BenchmarkData, board: ChartBoard): void {
  let stage = document.querySelector<HTMLSelectElement>("#percentile-stage")?.value ?? "";
  drawLoad(data, board);
  board.add("chart-percentiles", () => percentileChart(data.percentiles, stage, currentColours()));
  const timed = [
    board.add("chart-stages", () => stagesChart(data, currentColours())),
    board.add("chart-resources", () => resourcesChart(data, currentColours())),
  ];
  board.add("chart-waits", () => waitsChart(data.waits, currentColours()));
  onChoice("#percentile-stage", (value) => {
    stage = value;
    board.draw();
  });
  onChoice("#timeline-stage", (value) => {
    const wanted = data.timeline.stages.find(({ title }) => title === value);
    const startValue = (wanted?.from ?? 0) * 1000;
    const endValue = (wanted?.to ?? Math.ceil(data.timeline.lengthSeconds)) * 1000;
    for (const chart of timed) chart?.dispatchAction({ type: "dataZoom", startValue, endValue });
  });
}

/** Latency over rate: of a benchmark's page, and the chart of a comparison. */
export function drawLoad({ load }: BenchmarkData | ComparisonData, board: ChartBoard): void {
  let percentile: PercentileName = "p99";
  board.add("chart-load", () => loadChart(load, percentile, currentColours()));
  onChoice('input[name="percentile"]', (value) => {
    percentile = value as PercentileName;
    board.draw();
  });
}
