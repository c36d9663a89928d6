import type { BenchmarkData, TimeLine } from "../benchmark-data.ts";
import { axisStyle, baseStyle } from "./chart-style.ts";
import { checkpointSeries } from "./checkpoint-series.ts";
import type { Colours } from "./colours.ts";
import type { EChartsOption } from "./echarts.ts";
import { stageBands } from "./stage-bands.ts";
import { timeAxis, timeZoom } from "./time-axis.ts";

/** CPU of the busiest containers, clients waiting at the poolers, WAL of the primaries, on the stages' time. */
export function resourcesChart({ resources, timeline }: BenchmarkData, colours: Colours): EChartsOption {
  const { lengthSeconds } = timeline;
  const axis = axisStyle(colours);
  const name = {
    color: colours.text,
    fontSize: 12,
    fontWeight: "bold",
    align: "left",
    padding: [0, 0, 0, -50],
  };
  const titles = [
    `cores in use${resources.cores === null ? "" : `; the machine has ${resources.cores}`}`,
    "clients waiting for a server connection",
    "WAL written by primaries, MiB per second",
  ];
  const wal = resources.wal.map(({ name: member, points }) => ({
    name: `WAL of ${member}`,
    points: points.map(([at, bytes]) => [at, Math.round(bytes / 10_486) / 100] as const),
  }));
  const waiting = resources.waitingClients.map((line) => ({ ...line, name: `${line.name} waiting` }));
  return {
    ...baseStyle(colours),
    useUTC: true,
    grid: [
      { left: LEFT, right: 20, top: 106, height: 190 },
      { left: LEFT, right: 20, top: 340, height: 80 },
      { left: LEFT, right: 20, top: 464, height: 70 },
    ],
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colours.muted } },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis" },
    legend: {
      top: 0,
      left: 0,
      itemGap: 14,
      textStyle: { color: colours.text },
      data: [...resources.cpu.map((line) => line.name), "checkpoint"],
    },
    xAxis: titles.map((_, gridIndex) =>
      timeAxis(colours, { gridIndex, lengthSeconds, labels: gridIndex === 2 }),
    ),
    yAxis: titles.map((title, gridIndex) => ({
      ...axis,
      gridIndex,
      type: "value",
      min: 0,
      splitNumber: gridIndex === 0 ? 5 : 2,
      minInterval: gridIndex === 1 ? 1 : 0,
      name: title,
      nameTextStyle: name,
      nameGap: gridIndex === 0 ? 22 : 12,
    })),
    dataZoom: timeZoom(colours, { grids: 3, top: 572, left: LEFT }),
    series: [
      ...lines(resources.cpu, { grid: 0, unit: "cores", colours }),
      ...lines(waiting, { grid: 1, unit: "clients", colours }),
      ...lines(wal, { grid: 2, unit: "MiB/s", colours }),
      checkpointSeries(resources.checkpoints, { grid: 2, colours }),
      ...[0, 1, 2].map((grid) => ({
        type: "line",
        xAxisIndex: grid,
        yAxisIndex: grid,
        data: [],
        markArea: stageBands(timeline, colours, grid === 0),
      })),
    ],
  } as EChartsOption;
}

function lines(
  list: readonly TimeLine[],
  { grid, unit, colours }: { grid: number; unit: string; colours: Colours },
): object[] {
  return list.map(({ name, points }, index) => {
    const whole = name === "whole machine";
    const colour = whole ? colours.muted : (colours.hops[(index + (grid === 0 ? 5 : 0)) % 6] ?? colours.text);
    return {
      name,
      type: "line",
      xAxisIndex: grid,
      yAxisIndex: grid,
      symbol: "none",
      lineStyle: { width: whole ? 2.5 : 1.5, color: colour, type: index > 6 ? "dashed" : "solid" },
      itemStyle: { color: colour },
      data: withGaps(points),
      tooltip: { valueFormatter: (value: unknown) => (typeof value === "number" ? `${value} ${unit}` : "—") },
    };
  });
}

/** Readings pause between clusters: no line is drawn across. */
function withGaps(points: TimeLine["points"]): unknown[] {
  return points.flatMap(([at, value], index) => {
    const before = points[index - 1];
    const gap = before !== undefined && at - before[0] > LONGEST_PAUSE_SECONDS;
    return gap
      ? [
          [at * 1000 - 1, null],
          [at * 1000, value],
        ]
      : [[at * 1000, value]];
  });
}

const LEFT = 76;
const LONGEST_PAUSE_SECONDS = 15;
