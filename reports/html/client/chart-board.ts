import { init, type EChartsOption, type EChartsType } from "./echarts.ts";

/** The page's charts: drawn together, and kept in step with the page's width, colours and buttons. */
export interface ChartBoard {
  /** Puts a chart into the element of this id; null where the page has none. `option` is asked at every drawing. */
  readonly add: (id: string, option: () => EChartsOption | null) => EChartsType | null;
  readonly draw: () => void;
}

export function createChartBoard(): ChartBoard {
  const charts: { chart: EChartsType; option: () => EChartsOption | null }[] = [];
  const draw = (): void => {
    for (const { chart, option } of charts) {
      const wanted = option();
      if (wanted !== null) chart.setOption(wanted, { replaceMerge: ["series"] });
    }
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
    add: (id, option) => {
      const element = document.getElementById(id);
      if (element === null) return null;
      const chart = init(element, null, { renderer: "svg" });
      charts.push({ chart, option });
      return chart;
    },
  };
}
