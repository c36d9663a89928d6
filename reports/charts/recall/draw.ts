import type { ChartBoard } from "../drawing/board.ts";
import type { RecallData } from "./data.ts";
import { axisStyle, baseStyle, escapeText } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { formatRate, formatValue } from "../../../harness/model/format-value.ts";

export function drawRecall(data: RecallData, board: ChartBoard): void {
  board.add("recall", { height: 360, option: (colours) => recallChart(data, colours) });
}

/** Up and to the right is better: more right, and more of it. A line joins the stages of a sweep, in their order. */
function recallChart({ points, isSweep, leastRecall }: RecallData, colours: Colours): EChartsOption {
  const lowest = Math.min(
    leastRecall ?? 1,
    ...points.map(({ recall, p5 }) => Math.min(recall, p5 ?? recall)),
  );
  return {
    ...baseStyle(colours),
    grid: { left: 70, right: 40, top: 48, bottom: 52 },
    legend: { top: 0, left: 0, itemGap: 16, textStyle: { color: colours.text } },
    tooltip: {
      ...baseStyle(colours).tooltip,
      trigger: "item",
      formatter: (found: unknown) => tooltip(found as Hovered),
    },
    xAxis: {
      ...axisStyle(colours),
      type: "value",
      name: "searches answered per second",
      nameLocation: "middle",
      nameGap: 30,
      min: 0,
    },
    yAxis: {
      ...axisStyle(colours),
      type: "value",
      name: "recall",
      min: Math.max(0, Math.floor(lowest * 20 - 1) / 20),
      max: 1,
    },
    series: [
      {
        name: "mean recall",
        type: "line",
        symbolSize: 9,
        lineStyle: { width: isSweep ? 2 : 0, color: colours.reads },
        itemStyle: { color: colours.reads },
        label: {
          show: true,
          position: "bottom",
          color: colours.muted,
          formatter: ({ dataIndex }) => points[dataIndex]?.title ?? "",
        },
        // In two rows: neighbours are often close.
        data: points.map(({ perSecond, recall }, index) => ({
          value: [perSecond, recall],
          label: { distance: index % 2 === 0 ? 6 : 22 },
        })),
        ...(leastRecall === null
          ? {}
          : {
              markLine: {
                symbol: "none",
                silent: true,
                lineStyle: { color: colours.failed, type: "dashed" },
                label: {
                  position: "insideStartTop",
                  color: colours.text,
                  formatter: `at least ${formatValue(leastRecall, "share")}`,
                },
                data: [{ yAxis: leastRecall }],
              },
            }),
      },
      {
        name: "5th percentile",
        type: "line",
        symbolSize: 6,
        lineStyle: { width: isSweep ? 1 : 0, color: colours.writes, type: "dotted" },
        itemStyle: { color: colours.writes },
        data: points.flatMap(({ perSecond, p5 }) => (p5 === null ? [] : [[perSecond, p5]])),
      },
    ],
  };
}

interface Hovered {
  readonly seriesName: string;
  readonly marker: string;
  readonly value: readonly [perSecond: number, recall: number];
}

function tooltip({ seriesName, marker, value: [perSecond, recall] }: Hovered): string {
  return `${marker}${escapeText(seriesName)}: <b>${formatValue(recall, "share")}</b><br>at ${formatRate(perSecond)} per second`;
}
