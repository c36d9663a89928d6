import type { ChartBoard } from "../drawing/board.ts";
import type { PercentileData, StagePercentiles } from "./data.ts";
import { axisStyle, baseStyle } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { escapeText, latencyText } from "../drawing/style.ts";
import { formatCount, formatPercentile, formatValue } from "../../../harness/model/format-value.ts";

export function drawPercentiles(data: PercentileData, board: ChartBoard): void {
  let stage = document.querySelector<HTMLSelectElement>("#percentile-stage")?.value ?? "";
  board.add("percentiles", { height: 380, option: (colours) => percentileChart(data, stage, colours) });
  board.onChoice("#percentile-stage", (value) => (stage = value));
}

/**
 * The distribution of one stage (latency, service time, lag), or with an empty title the latency of all. Of a stage with
 * too few operations there is none to draw.
 */
function percentileChart({ shares, stages }: PercentileData, title: string, colours: Colours): EChartsOption {
  const one = stages.find((stage) => stage.title === title);
  /** Where a share stands on the axis: one in how many is slower. */
  const above = (index: number): number => 1 / (1 - (shares[Math.max(0, index)] ?? 0));
  const lines = title === "" ? allStages(stages, colours) : one === undefined ? [] : oneStage(one, colours);
  return {
    ...baseStyle(colours),
    grid: { left: 70, right: 30, top: one === undefined ? 84 : 62, bottom: 52 },
    legend: {
      top: 0,
      left: 0,
      itemGap: 16,
      textStyle: { color: colours.text },
      data: lines.map(({ name }) => name),
    },
    tooltip: {
      ...baseStyle(colours).tooltip,
      trigger: "axis",
      axisPointer: { lineStyle: { color: colours.muted } },
      formatter: (found: unknown) => tooltip(found as Hovered[]),
    },
    xAxis: {
      ...axisStyle(colours),
      type: "log",
      min: 1,
      max: 10 ** Math.ceil(Math.log10(Math.max(10, ...lines.map(({ ms }) => above(ms.length - 1))))),
      name: "share of operations that were at least so fast",
      nameLocation: "middle",
      nameGap: 30,
      axisLabel: { color: colours.muted, formatter: formatPercentile },
    },
    yAxis: {
      ...axisStyle(colours),
      type: "log",
      name: title === "" ? "latency" : one === undefined ? TOO_FEW : `time, n ${formatCount(one.n)}`,
      nameTextStyle: {
        color: colours.text,
        fontSize: 12,
        fontWeight: "bold",
        align: "left",
        padding: [0, 0, 0, -50],
      },
      axisLabel: { color: colours.muted, formatter: latencyText },
    },
    series: lines.map(({ name, ms, colour, type }) => ({
      name,
      type: "line",
      symbol: "none",
      lineStyle: { width: 2, color: colour, type },
      itemStyle: { color: colour },
      data: ms.map((value, index) => [above(index), Math.max(value, 0.001)]),
    })),
  };
}

const TOO_FEW = "too few operations ended ok to draw how they are distributed";

interface Line {
  readonly name: string;
  readonly ms: readonly number[];
  readonly colour: string;
  readonly type: "solid" | "dashed" | "dotted";
}

function oneStage({ latency, serviceTime, lag }: StagePercentiles, colours: Colours): Line[] {
  return [
    { name: "latency, from the intended start", ms: latency, colour: colours.writes, type: "solid" },
    { name: "service time, from the actual start", ms: serviceTime, colour: colours.reads, type: "dashed" },
    { name: "lag: actual minus intended start", ms: lag, colour: colours.muted, type: "dotted" },
  ];
}

function allStages(stages: readonly StagePercentiles[], colours: Colours): Line[] {
  return stages.map(({ title, latency }, index) => ({
    name: title,
    ms: latency,
    colour: colours.hops[index % colours.hops.length] ?? colours.text,
    type: (["solid", "dashed", "dotted"] as const)[Math.floor(index / colours.hops.length) % 3] ?? "solid",
  }));
}

interface Hovered {
  readonly seriesName: string;
  readonly marker: string;
  readonly value: readonly [oneIn: number, ms: number];
}

function tooltip(found: readonly Hovered[]): string {
  const oneIn = found[0]?.value[0] ?? 1;
  const lines = found.map(
    ({ marker, seriesName, value }) =>
      `${marker}${escapeText(seriesName)}: <b>${formatValue(value[1], "ms")}</b>`,
  );
  return [formatPercentile(oneIn), ...lines].join("<br>");
}
