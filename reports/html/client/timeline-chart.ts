import { LANES, type ChartData, type Mark, type StreamData } from "../chart-data.ts";
import { axisStyle, baseStyle } from "./chart-style.ts";
import type { Colours } from "./colours.ts";
import type { EChartsOption } from "./echarts.ts";
import { escapeText, latencyText } from "./words.ts";
import { formatMoment, formatValue } from "../../../harness/model/format-value.ts";

/** One stream against time: outcomes, latency and what the observers saw, on one axis, with the faults as bands. */
export function timelineChart(data: ChartData, stream: StreamData, colours: Colours): EChartsOption {
  const axis = axisStyle(colours);
  const timeAxis = (gridIndex: number, labels: boolean): object => ({
    ...axis,
    gridIndex,
    type: "time",
    min: 0,
    max: Math.ceil(data.lengthSeconds) * MS,
    axisLabel: {
      show: labels,
      color: colours.muted,
      hideOverlap: true,
      formatter: (ms: number) => formatMoment(ms * 1000, ms % MS === 0 ? 0 : 2),
    },
    axisPointer: { label: { formatter: ({ value }: { value: number }) => formatMoment(value * 1000, 2) } },
    splitLine: { show: false },
  });
  return {
    ...baseStyle(colours),
    useUTC: true,
    grid: [
      { left: 132, right: 20, top: 78, height: 144 },
      { left: 132, right: 20, top: 262, height: 170 },
      { left: 132, right: 20, top: 462, height: 130 },
    ],
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colours.muted } },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis" },
    legend: { top: 0, left: 0, itemGap: 14, textStyle: { color: colours.text }, data: legend(stream) },
    xAxis: [timeAxis(0, false), timeAxis(1, false), timeAxis(2, true)],
    yAxis: [
      {
        ...axis,
        gridIndex: 0,
        type: "value",
        name: "operations due, per second, by outcome",
        nameLocation: "end",
        nameGap: 22,
        nameTextStyle: nameStyle(colours),
      },
      {
        ...axis,
        gridIndex: 1,
        type: "log",
        name: "latency of served operations",
        nameLocation: "end",
        nameTextStyle: nameStyle(colours),
        axisLabel: { color: colours.muted, formatter: latencyText },
      },
      {
        ...axis,
        gridIndex: 2,
        type: "category",
        data: [...LANES].reverse(),
        axisLabel: { color: colours.text, fontSize: 12, interval: 0 },
        axisTick: { show: false },
        splitLine: { show: true, lineStyle: { color: colours.line } },
      },
    ],
    dataZoom: [
      { type: "inside", xAxisIndex: [0, 1, 2], zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
      {
        type: "slider",
        xAxisIndex: [0, 1, 2],
        top: 628,
        height: 26,
        left: 132,
        right: 20,
        textStyle: { color: colours.muted },
        borderColor: colours.line,
        fillerColor: colours.band,
        dataBackground: { lineStyle: { color: colours.muted }, areaStyle: { color: colours.muted } },
        selectedDataBackground: { lineStyle: { color: colours.ok }, areaStyle: { color: colours.ok } },
        handleStyle: { color: colours.card, borderColor: colours.muted },
        moveHandleStyle: { color: colours.line },
        labelFormatter: (ms: number) => formatMoment(ms * 1000, 1),
      },
    ],
    series: [
      ...outcomeSeries(stream, data, colours),
      ...latencySeries(stream, data, colours),
      markSeries(data, colours),
    ],
  };
}

function nameStyle(colours: Colours): object {
  return { color: colours.text, fontSize: 12, fontWeight: "bold", align: "left", padding: [0, 0, 0, -44] };
}

function legend(stream: StreamData): string[] {
  return ["ok", "failed", "unknown", "p50", stream.latencyMs.upperName, "max"];
}

function outcomeSeries(stream: StreamData, data: ChartData, colours: Colours): object[] {
  const { bucketSeconds } = stream.outcomes;
  return (["ok", "failed", "unknown"] as const).map((outcome, index) => ({
    name: outcome,
    type: "line",
    step: "end",
    stack: "outcomes",
    symbol: "none",
    lineStyle: { width: 0 },
    itemStyle: { color: colours[outcome] },
    areaStyle: { color: colours[outcome], opacity: outcome === "ok" ? 0.5 : 0.82 },
    data: stream.outcomes[outcome].map((count, bucket) => [
      (stream.fromSeconds + bucket * bucketSeconds) * MS,
      count / bucketSeconds,
    ]),
    tooltip: {
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatValue(value, "op/s") : "—"),
    },
    ...(index === 0 ? { markArea: faultAreas(data, colours, true) } : {}),
  }));
}

function latencySeries(stream: StreamData, data: ChartData, colours: Colours): object[] {
  const { bucketSeconds, p50, upper, upperName, max } = stream.latencyMs;
  const lines = [
    { name: "p50", values: p50, colour: colours.writes, type: "solid" },
    { name: upperName, values: upper, colour: colours.reads, type: "dashed" },
    { name: "max", values: max, colour: colours.muted, type: "dotted" },
  ];
  return lines.map(({ name, values, colour, type }, index) => ({
    name,
    type: "line",
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: "none",
    itemStyle: { color: colour },
    lineStyle: { width: 1.5, type, color: colour },
    data: values.map((value, bucket) => [
      (stream.fromSeconds + (bucket + 0.5) * bucketSeconds) * MS,
      value === null ? null : Math.max(value, 0.01),
    ]),
    tooltip: {
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatValue(value, "ms") : "—"),
    },
    ...(index === 0 ? { markArea: faultAreas(data, colours, false) } : {}),
  }));
}

/** Two bands per injection: without service (strong), and without full redundancy (weak). */
function faultAreas(data: ChartData, colours: Colours, labelled: boolean): object {
  return {
    silent: true,
    data: data.bands.flatMap((band) => {
      const served = band.served ?? band.to;
      const label = {
        show: labelled,
        color: colours.muted,
        fontSize: 11,
        position: "top",
        formatter: `${band.injection}`,
      };
      return [
        [{ xAxis: band.from * MS, itemStyle: { color: colours.outage }, label }, { xAxis: served * MS }],
        [
          { xAxis: served * MS, itemStyle: { color: colours.weak }, label: { show: false } },
          { xAxis: Math.max(served, band.to) * MS },
        ],
      ];
    }),
  };
}

function markSeries(data: ChartData, colours: Colours): object {
  const tones = {
    good: { symbol: "triangle", symbolOffset: [0, 4], color: colours.ok },
    bad: { symbol: "rect", symbolOffset: [0, -4], color: colours.failed },
    neutral: { symbol: "circle", symbolOffset: [0, 0], color: colours.muted },
  };
  return {
    name: "observed",
    type: "scatter",
    xAxisIndex: 2,
    yAxisIndex: 2,
    symbolSize: 8,
    data: data.marks.map((mark: Mark) => ({
      value: [mark.at * MS, mark.lane],
      text: mark.text,
      symbol: tones[mark.tone].symbol,
      symbolOffset: tones[mark.tone].symbolOffset,
      itemStyle: { color: tones[mark.tone].color },
    })),
    tooltip: {
      trigger: "item",
      formatter: ({ data: mark }: { data: { value: [number, string]; text: string } }) =>
        `${formatMoment(mark.value[0] * 1000)} ${escapeText(mark.text)}`,
    },
    markArea: faultAreas(data, colours, false),
  };
}

/** The axis counts milliseconds, so that its marks fall on whole seconds and minutes. */
const MS = 1000;
