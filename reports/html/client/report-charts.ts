import type { ChartData } from "../chart-data.ts";
import { currentColours } from "./colours.ts";
import { distributionChart } from "./distribution-chart.ts";
import { init, type EChartsOption, type EChartsType } from "./echarts.ts";
import { filterEvents } from "./filter-events.ts";
import { phaseChart } from "./phase-chart.ts";
import { timelineChart } from "./timeline-chart.ts";

const block = document.getElementById("chart-data");
if (block !== null) drawReport(JSON.parse(block.textContent) as ChartData);

/** Draws the page's charts and keeps them in step with its width, its colours and its buttons. */
function drawReport(data: ChartData): void {
  let streamName = data.streams[0]?.name;
  let perInjection = true;
  const charts: { chart: EChartsType; option: () => EChartsOption | null }[] = [];
  const add = (id: string, option: () => EChartsOption | null): EChartsType | null => {
    const element = document.getElementById(id);
    if (element === null) return null;
    const chart = init(element, null, { renderer: "svg" });
    charts.push({ chart, option });
    return chart;
  };
  const draw = (): void => {
    for (const { chart, option } of charts) {
      const wanted = option();
      if (wanted !== null) chart.setOption(wanted, { replaceMerge: ["series"] });
    }
  };
  const resize = (): void => charts.forEach(({ chart }) => chart.resize());

  add("chart-distribution", () => distributionChart(data.distribution, currentColours()));
  add("chart-phases", () =>
    phaseChart(data.phases, perInjection ? data.phases.injections : data.phases.medians, currentColours()),
  );
  const timeline = add("chart-timeline", () => {
    const stream = data.streams.find(({ name }) => name === streamName);
    return stream === undefined ? null : timelineChart(data, stream, currentColours());
  });
  draw();

  onChoice("stream", (value) => {
    streamName = value;
    draw();
  });
  onChoice("phase-rows", (value) => {
    perInjection = value === "injections";
    draw();
  });
  onClick("[data-from]", (element) => {
    timeline?.dispatchAction({
      type: "dataZoom",
      startValue: Number(element.dataset.from) * 1000,
      endValue: Number(element.dataset.to) * 1000,
    });
  });
  filterEvents();
  window.addEventListener("resize", resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  matchMedia("print").addEventListener("change", () => {
    resize();
    draw();
  });
}

function onChoice(name: string, act: (value: string) => void): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) {
    input.addEventListener("change", () => act(input.value));
  }
}

function onClick(selector: string, act: (element: HTMLElement) => void): void {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) {
    element.addEventListener("click", () => act(element));
  }
}
