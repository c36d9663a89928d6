import type { BenchmarkData, TimeLine } from "../benchmark-data.ts";
import { axisStyle, baseStyle } from "./chart-style.ts";
import { checkpointSeries } from "./checkpoint-series.ts";
import type { Colours } from "./colours.ts";
import type { EChartsOption } from "./echarts.ts";
import { stageBands } from "./stage-bands.ts";
import { timeAxis, timeZoom } from "./time-axis.ts";
import { formatNumber } from "../../../harness/model/format-value.ts";

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
  const panels = panelsOf(resources);
  const bottom = panels.at(-1);
  return {
    ...baseStyle(colours),
    useUTC: true,
    grid: panels.map(({ top, height }) => ({ left: LEFT, right: 20, top, height })),
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colours.muted } },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis" },
    legend: {
      top: 0,
      left: 0,
      itemGap: 14,
      textStyle: { color: colours.text },
      data: [...resources.cpu.map((line) => line.name), "checkpoint"],
    },
    xAxis: panels.map((panel, gridIndex) =>
      timeAxis(colours, { gridIndex, lengthSeconds, labels: panel === bottom }),
    ),
    yAxis: panels.map(({ title, whole }, gridIndex) => ({
      ...axis,
      gridIndex,
      type: "value",
      min: 0,
      splitNumber: gridIndex === 0 ? 5 : 2,
      minInterval: whole ? 1 : 0,
      name: title,
      nameTextStyle: name,
      nameGap: gridIndex === 0 ? 22 : 12,
    })),
    dataZoom: timeZoom(colours, {
      grids: panels.length,
      top: (bottom?.top ?? 0) + (bottom?.height ?? 0) + 38,
      left: LEFT,
    }),
    series: [
      ...panels.flatMap((panel, grid) => lines(panel.lines, { grid, unit: panel.unit, colours })),
      checkpointSeries(resources.checkpoints, { grid: panels.length - 1, colours }),
      ...panels.map((_, grid) => ({
        type: "line",
        xAxisIndex: grid,
        yAxisIndex: grid,
        data: [],
        markArea: stageBands(timeline, colours, grid === 0),
      })),
    ],
  } as EChartsOption;
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  /** Counts things: no marks between whole numbers. */
  readonly whole: boolean;
  readonly lines: readonly TimeLine[];
  readonly top: number;
  readonly height: number;
}

/** One below the other; a cluster without poolers has no queues to draw. */
function panelsOf({ cores, cpu, waitingClients, wal }: BenchmarkData["resources"]): Panel[] {
  const waiting = waitingClients.map((line) => ({ ...line, name: `${line.name} waiting` }));
  const written = wal.map(({ name: member, points }) => ({
    name: `WAL of ${member}`,
    points: points.map(([at, bytes]) => [at, Math.round(bytes / 1048.576) / 1000] as const),
  }));
  const wanted = [
    {
      title: `cores in use${cores === null ? "" : `; the machine has ${cores}`}`,
      unit: "cores",
      whole: false,
      lines: cpu,
      height: 190,
    },
    {
      title: "clients waiting for a server connection",
      unit: "clients",
      whole: true,
      lines: waiting,
      height: 80,
    },
    {
      title: "WAL written by primaries, MiB per second",
      unit: "MiB/s",
      whole: false,
      lines: written,
      height: 70,
    },
  ].filter((panel) => panel.lines.length > 0);
  let top = 106;
  return wanted.map((panel) => {
    const placed = { ...panel, top };
    top += panel.height + 44;
    return placed;
  });
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
      tooltip: {
        valueFormatter: (value: unknown) =>
          typeof value === "number" ? `${formatNumber(value)} ${unit}` : "—",
      },
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
