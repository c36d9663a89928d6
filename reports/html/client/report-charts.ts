import type { ComparisonData, RunData } from "../benchmark-data.ts";
import { createChartBoard } from "./chart-board.ts";
import { drawBenchmark, drawLoad } from "./draw-benchmark.ts";
import { drawFaults } from "./draw-faults.ts";
import { filterEvents } from "./filter-events.ts";

const block = document.getElementById("chart-data");
if (block !== null) drawPage(JSON.parse(block.textContent) as RunData | ComparisonData);

/** Draws the page's charts, whichever page it is. */
function drawPage(data: RunData | ComparisonData): void {
  const board = createChartBoard();
  switch (data.kind) {
    case "run":
      if (data.faults !== null) drawFaults(data.faults, board);
      if (data.benchmark !== null) drawBenchmark(data.benchmark, board);
      break;
    case "comparison":
      drawLoad(data, board);
  }
  board.draw();
  filterEvents();
}
