import type { ChartName, PageData } from "../catalogue.ts";
import { drawings } from "../drawings.ts";
import { createChartBoard, type ChartBoard } from "./board.ts";

const block = document.getElementById("chart-data");
if (block !== null) drawPage(JSON.parse(block.textContent) as PageData);

/** Draws the page's charts, whichever page it is. */
function drawPage(data: PageData): void {
  const board = createChartBoard();
  for (const name of Object.keys(drawings) as ChartName[]) {
    const draw = drawings[name] as (own: unknown, board: ChartBoard) => void;
    if (data[name] !== undefined) draw(data[name], board);
  }
  board.draw();
  filterEvents();
}

/** Filters the event log's rows by the text typed above it. Without JavaScript the log is simply whole. */
function filterEvents(): void {
  const input = document.querySelector<HTMLInputElement>("#event-filter");
  const shown = document.querySelector("#event-count");
  const rows = [...document.querySelectorAll<HTMLElement>("#events tbody tr")];
  if (input === null) return;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count++;
    }
    if (shown !== null) shown.textContent = `${count} of ${rows.length} shown`;
  });
}
