import type { ChartBoard } from "../drawing/board.ts";
import type { Dot, FailoverData } from "./data.ts";
import { axisStyle, baseStyle } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { escapeText } from "../drawing/style.ts";
import { formatBand, formatValue } from "../../../harness/model/format-value.ts";

export function drawFailover(data: FailoverData, board: ChartBoard): void {
  board.add("failover", {
    height: 110 + data.faults.length * 62,
    option: (colours) => failoverChart(data, colours),
  });
}

/** Failover per fault: each injection a dot, writes above reads, the predicted band shaded, targets as lines. */
function failoverChart(data: FailoverData, colours: Colours): EChartsOption {
  const faults = [...data.faults].reverse();
  return {
    ...baseStyle(colours),
    grid: { left: 150, right: 24, top: 56, bottom: 48 },
    legend: {
      top: 0,
      left: 0,
      itemGap: 18,
      itemWidth: 14,
      textStyle: { color: colours.text },
      data: ["writes", "reads", "predicted for writes"].map((name) => ({ name })),
    },
    xAxis: {
      ...axisStyle(colours),
      type: "value",
      min: 0,
      max: ({ max }: { max: number }) =>
        roundUp(
          Math.max(
            max,
            ...data.targets.map((one) => one.seconds),
            ...data.faults.map(({ band }) => band?.[1] ?? 0),
          ),
        ),
      name: "seconds not served, per injection",
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: {
      ...axisStyle(colours),
      type: "category",
      data: faults.map(({ fault }) => fault),
      // A victim's role stands below its fault.
      axisLabel: {
        color: colours.text,
        fontSize: 13,
        lineHeight: 16,
        formatter: (label: string) => label.replace(", ", "\n"),
      },
      splitLine: { show: true, lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    series: [bandSeries(faults, colours), ...dotSeries(faults, colours), targetSeries(data, colours)],
  };
}

/** The next number that makes a good end for an axis. */
function roundUp(seconds: number): number {
  const step = seconds > 40 ? 10 : seconds > 20 ? 5 : 1;
  return Math.ceil((seconds * 1.02) / step) * step;
}

type Faults = FailoverData["faults"];

function bandSeries(faults: Faults, colours: Colours): object {
  return {
    name: "predicted for writes",
    type: "custom",
    itemStyle: { color: colours.band },
    encode: { x: [1, 2], y: 0 },
    data: faults.flatMap(({ band }, row) => (band === null ? [] : [[row, band[0], band[1]]])),
    renderItem: (_: unknown, api: DrawApi) => {
      const [left, y] = api.coord([api.value(1), api.value(0)]);
      const [right] = api.coord([api.value(2), api.value(0)]);
      const height = api.size([0, 1])[1] * 0.74;
      return {
        type: "rect",
        shape: { x: left, y: y - height / 2, width: right - left, height, r: 3 },
        style: { fill: colours.band, stroke: colours.writes, lineWidth: 1, lineDash: [3, 3] },
      };
    },
    tooltip: {
      formatter: ({ value }: { value: number[] }) =>
        `${escapeText(faults[value[0] ?? 0]?.fault ?? "")}: predicted from the configuration ${formatBand({ lowSeconds: value[1] ?? 0, highSeconds: value[2] ?? 0 })} without writes`,
    },
    z: 1,
  };
}

interface DrawApi {
  value(index: number): number;
  coord(point: [number, number]): [number, number];
  size(span: [number, number]): [number, number];
}

function dotSeries(faults: Faults, colours: Colours): object[] {
  const kinds = [
    { name: "writes", symbol: "circle", offset: -11, colour: colours.writes },
    { name: "reads", symbol: "diamond", offset: 11, colour: colours.reads },
  ] as const;
  return kinds.map(({ name, symbol, offset, colour }) => ({
    name,
    type: "scatter",
    symbol,
    symbolSize: name === "writes" ? 11 : 12,
    symbolOffset: [0, offset],
    itemStyle: { color: colour, opacity: 0.85, borderColor: colours.card, borderWidth: 1 },
    data: faults.flatMap((fault, row) => fault[name].map((dot) => point(dot, row))),
    tooltip: {
      formatter: ({ data }: { data: Point }) =>
        `Injection ${data.injection}, ${escapeText(faults[data.value[1]]?.fault ?? "")}<br>${name} not served for ${data.atLeast ? "at least " : ""}<b>${formatValue(data.value[0], "s")}</b>${data.atMost === null ? "" : ` and at most <b>${formatValue(data.atMost, "s")}</b>: the client did not look all the time`}`,
    },
    z: 3,
  }));
}

interface Point {
  readonly value: readonly [seconds: number, row: number];
  readonly injection: number;
  readonly atLeast: boolean;
  readonly atMost: number | null;
  readonly symbol?: string;
  readonly symbolRotate?: number;
  readonly symbolSize?: number;
}

/** A dot; one of which only the lower bound is certain is an arrow to the right. */
function point({ injection, seconds, atLeast, atMost }: Dot, row: number): Point {
  const plain: Point = { value: [seconds, row], injection, atLeast, atMost };
  return atLeast ? { ...plain, symbol: "triangle", symbolRotate: -90, symbolSize: 14 } : plain;
}

function targetSeries(data: FailoverData, colours: Colours): object {
  return {
    type: "line",
    data: [],
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colours.failed, width: 2, type: "solid" },
      label: { color: colours.failed, fontSize: 12, fontWeight: "bold", position: "end", formatter: "{b}" },
      data: data.targets.map(({ label, seconds }) => ({ name: `target ${label}`, xAxis: seconds })),
    },
    z: 2,
  };
}
