import type { ChartBoard } from "../drawing/board.ts";
import type { WaitData } from "./data.ts";
import { axisStyle, baseStyle } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { formatNumber } from "../../../harness/model/format-value.ts";

export function drawWaits(data: WaitData, board: ChartBoard): void {
  board.add("waits", {
    height: 90 + data.stages.length * 30,
    option: (colours) => waitsChart(data, colours),
  });
}

/** What backends were doing, a stacked bar per stage. */
function waitsChart({ stages, events }: WaitData, colours: Colours): EChartsOption {
  const rows = [...stages].reverse();
  return {
    ...baseStyle(colours),
    grid: { left: 214, right: 24, top: 52, bottom: 40 },
    legend: {
      top: 0,
      left: 0,
      type: "plain",
      itemGap: 12,
      itemWidth: 16,
      textStyle: { color: colours.text },
    },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: {
      ...axisStyle(colours),
      type: "value",
      name: "client backends running a statement, mean",
      nameLocation: "middle",
      nameGap: 26,
    },
    yAxis: {
      ...axisStyle(colours),
      type: "category",
      data: rows,
      axisLabel: { color: colours.text, fontSize: 12, interval: 0, width: 200, overflow: "truncate" },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    series: events.map(({ name, backends }, index) => ({
      name,
      type: "bar",
      stack: "waits",
      barMaxWidth: 18,
      itemStyle: {
        color: name === "CPU" ? colours.ok : (palette(colours)[index % 9] ?? colours.muted),
        borderColor: colours.card,
        borderWidth: 1,
      },
      data: [...backends].reverse(),
      tooltip: {
        valueFormatter: (value: unknown) => (typeof value === "number" ? formatNumber(value, 2) : "—"),
      },
    })),
  };
}

function palette({ hops, unknown, failed, muted, writes }: Colours): string[] {
  return [
    hops[0] ?? writes,
    hops[1] ?? writes,
    hops[3] ?? writes,
    hops[4] ?? writes,
    unknown,
    failed,
    hops[5] ?? muted,
    writes,
    muted,
  ];
}
