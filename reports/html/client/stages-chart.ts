import type { BenchmarkData, StageTimelineData } from "../benchmark-data.ts";
import { axisStyle, baseStyle } from "./chart-style.ts";
import { checkpointSeries } from "./checkpoint-series.ts";
import type { Colours } from "./colours.ts";
import type { EChartsOption } from "./echarts.ts";
import { stageBands } from "./stage-bands.ts";
import { timeAxis, timeZoom } from "./time-axis.ts";
import { latencyText } from "./words.ts";
import { formatValue } from "../../../harness/model/format-value.ts";

/** Throughput by outcome and latency per second, with the stages' phases as bands. */
export function stagesChart({ timeline }: BenchmarkData, colours: Colours): EChartsOption {
  const axis = axisStyle(colours);
  const { lengthSeconds } = timeline;
  const name = {
    color: colours.text,
    fontSize: 12,
    fontWeight: "bold",
    align: "left",
    padding: [0, 0, 0, -50],
  };
  return {
    ...baseStyle(colours),
    useUTC: true,
    grid: [
      { left: LEFT, right: 20, top: 86, height: 150 },
      { left: LEFT, right: 20, top: 280, height: 170 },
    ],
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colours.muted } },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis" },
    legend: {
      top: 0,
      left: 0,
      itemGap: 14,
      textStyle: { color: colours.text },
      data: ["ok", "failed", "unknown", "p50", timeline.upperName, "max", "checkpoint"],
    },
    xAxis: [
      timeAxis(colours, { gridIndex: 0, lengthSeconds, labels: false }),
      timeAxis(colours, { gridIndex: 1, lengthSeconds, labels: true }),
    ],
    yAxis: [
      {
        ...axis,
        gridIndex: 0,
        type: "value",
        name: "operations per second, by outcome",
        nameGap: 24,
        nameTextStyle: name,
      },
      {
        ...axis,
        gridIndex: 1,
        type: "log",
        name: "latency of operations answered",
        nameTextStyle: name,
        axisLabel: { color: colours.muted, formatter: latencyText },
      },
    ],
    dataZoom: timeZoom(colours, { grids: 2, top: 492, left: LEFT }),
    series: [
      ...outcomeSeries(timeline, colours),
      ...latencySeries(timeline, colours),
      checkpointSeries(timeline.checkpoints, { grid: 0, colours }),
    ],
  } as EChartsOption;
}

function outcomeSeries(timeline: StageTimelineData, colours: Colours): object[] {
  return (["ok", "failed", "unknown"] as const).map((outcome, index) => ({
    name: outcome,
    type: "line",
    step: "middle",
    stack: "outcomes",
    symbol: "none",
    lineStyle: { width: 0 },
    itemStyle: { color: colours[outcome] },
    areaStyle: { color: colours[outcome], opacity: outcome === "ok" ? 0.5 : 0.85 },
    data: points(timeline, timeline[outcome]),
    tooltip: {
      valueFormatter: (value: unknown) => formatValue(typeof value === "number" ? value : 0, "op/s"),
    },
    ...(index === 0 ? { markArea: stageBands(timeline, colours, true) } : {}),
  }));
}

function latencySeries(timeline: StageTimelineData, colours: Colours): object[] {
  const lines = [
    { name: "p50", values: timeline.p50, colour: colours.writes, type: "solid" },
    { name: timeline.upperName, values: timeline.upper, colour: colours.reads, type: "solid" },
    { name: "max", values: timeline.max, colour: colours.muted, type: "dotted" },
  ];
  return lines.map(({ name, values, colour, type }, index) => ({
    name,
    type: "line",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "none",
    itemStyle: { color: colour },
    lineStyle: { width: 1.5, type, color: colour },
    data: points(timeline, values, 0.001),
    tooltip: {
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatValue(value, "ms") : "—"),
    },
    ...(index === 0 ? { markArea: stageBands(timeline, colours, false) } : {}),
  }));
}

function points(timeline: StageTimelineData, values: readonly (number | null)[], least = 0): unknown[] {
  return timeline.at.map((at, index) => {
    const value = values[index] ?? null;
    return [at * 1000, value === null ? null : Math.max(value, least)];
  });
}

const LEFT = 76;
