import type { ChartData } from "../chart-data.ts";
import type { ChartBoard } from "./chart-board.ts";
import { currentColours } from "./colours.ts";
import { distributionChart } from "./distribution-chart.ts";
import { onChoice } from "./on-choice.ts";
import { phaseChart } from "./phase-chart.ts";
import { timelineChart } from "./timeline-chart.ts";

/** Charts of a page about faults. */
export function drawFaults(data: ChartData, board: ChartBoard): void {
  let streamName = data.streams[0]?.name;
  let perInjection = true;
  board.add("chart-distribution", () => distributionChart(data.distribution, currentColours()));
  board.add("chart-phases", () =>
    phaseChart(data.phases, perInjection ? data.phases.injections : data.phases.medians, currentColours()),
  );
  const timeline = board.add("chart-timeline", () => {
    const stream = data.streams.find(({ name }) => name === streamName);
    return stream === undefined ? null : timelineChart(data, stream, currentColours());
  });
  onChoice('input[name="stream"]', (value) => {
    streamName = value;
    board.draw();
  });
  onChoice('input[name="phase-rows"]', (value) => {
    perInjection = value === "injections";
    board.draw();
  });
  for (const element of document.querySelectorAll<HTMLElement>("[data-from]")) {
    element.addEventListener("click", () =>
      timeline?.dispatchAction({
        type: "dataZoom",
        startValue: Number(element.dataset.from) * 1000,
        endValue: Number(element.dataset.to) * 1000,
      }),
    );
  }
}
