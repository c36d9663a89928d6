import type { BenchmarkData, ComparisonData } from "../benchmark-data.ts";
import type { ChartData } from "../chart-data.ts";
import { createChartBoard } from "./chart-board.ts";
import { drawBenchmark, drawLoad } from "./draw-benchmark.ts";
import { drawFaults } from "./draw-faults.ts";
import { filterEvents } from "./filter-events.ts";

const block = document.getElementById("chart-data");
if (block !== null) drawPage(JSON.parse(block.textContent) as ChartData | BenchmarkData | ComparisonData);

/** Draws the page's charts, whichever page it is. */
function drawPage(data: ChartData | BenchmarkData | ComparisonData): void {
  const board = createChartBoard();
  switch (data.kind) {
    case "faults":
      drawFaults(data, board);
      break;
    case "benchmark":
      drawBenchmark(data, board);
      break;
    case "comparison":
      drawLoad(data, board);
  }
  board.draw();
  filterEvents();
}
