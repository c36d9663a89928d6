import type { ChartName } from "../catalogue.ts";
import { currentColours, type Colours } from "./style.ts";
import { init, type EChartsOption, type EChartsType } from "./echarts.ts";

/** The page's charts: drawn together, and kept in step with the page's width, colours and buttons. */
export interface ChartBoard {
  /** Puts a chart into its place in the page, if the page has one. */
  readonly add: (name: ChartName, chart: BoardChart) => void;
  readonly draw: () => void;
  /** Shows this stretch of the recording, in seconds, in every chart that has a time axis. */
  readonly zoom: (from: number, to: number) => void;
  /** Calls back with the value of the radio button or the list's entry that is chosen, and draws again. */
  readonly onChoice: (selector: string, act: (value: string) => void) => void;
}

export interface BoardChart {
  /** Pixels. */
  readonly height: number;
  /** Asked at every drawing. */
  readonly option: (colours: Colours) => EChartsOption;
  /** Has an axis of the recording's time. */
  readonly timed?: boolean;
}

export function createChartBoard(): ChartBoard {
  const charts: (BoardChart & { readonly chart: EChartsType })[] = [];
  const draw = (): void => {
    const colours = currentColours();
    for (const { chart, option } of charts) chart.setOption(option(colours), { replaceMerge: ["series"] });
  };
  const resize = (): void => charts.forEach(({ chart }) => chart.resize());
  window.addEventListener("resize", resize);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  matchMedia("print").addEventListener("change", () => {
    resize();
    draw();
  });
  return {
    draw,
    add: (name, own) => {
      const element = document.getElementById(`chart-${name}`);
      if (element === null) return;
      element.style.height = `${own.height}px`;
      charts.push({ ...own, chart: init(element, null, { renderer: "svg" }) });
    },
    zoom: (from, to) => {
      const action = { type: "dataZoom", startValue: from * 1000, endValue: to * 1000 };
      for (const { chart, timed } of charts) if (timed === true) chart.dispatchAction(action);
    },
    onChoice: (selector, act) => {
      for (const input of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(selector)) {
        input.addEventListener("change", () => {
          act(input.value);
          draw();
        });
      }
    },
  };
}
