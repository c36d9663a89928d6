import { formatNumber } from "../../../harness/model/format-value.ts";
import type { ChartBoard } from "../drawing/board.ts";
import { currentColours, type Colours } from "../drawing/style.ts";
import {
  checkpointSeries,
  stageAreas,
  timeChart,
  timeChartHeight,
  type TimePanel,
} from "../drawing/time-chart.ts";
import type { ResourceData, ResourceLines, TimeLine } from "./data.ts";

export function drawResources(data: ResourceData, board: ChartBoard): void {
  const { lengthSeconds, stages } = data;
  const panels = (colours: Colours): TimePanel[] => {
    const list = resourcePanels(data, colours);
    return list.map((panel, index) =>
      index === list.length - 1
        ? { ...panel, series: [...panel.series, checkpointSeries(data.checkpoints, colours)] }
        : panel,
    );
  };
  board.add("resources", {
    height: timeChartHeight(panels(currentColours())),
    timed: true,
    option: (colours) =>
      timeChart(panels(colours), {
        colours,
        lengthSeconds,
        left: LEFT,
        areas: (labelled) => [stageAreas(stages, colours, labelled)],
      }),
  });
}

/** CPU of the busiest containers, clients waiting at the poolers, WAL of the primaries: what there is of it. */
export function resourcePanels(
  { widthSeconds, cores, cpu, waitingClients, wal }: ResourceLines,
  colours: Colours,
): TimePanel[] {
  const waiting = waitingClients.map((line) => ({ ...line, name: `${line.name} waiting` }));
  const written = wal.map(({ name: member, points }) => ({
    name: `WAL of ${member}`,
    points: points.map(([at, bytes]) => [at, bytes / 2 ** 20] as const),
  }));
  const panels = [
    {
      above: 106,
      height: 190,
      legend: [...cpu.map(({ name }) => name), "checkpoint"],
      yAxis: {
        ...value(`cores in use${cores === null ? "" : `; the machine has ${cores}`}`),
        splitNumber: 5,
        nameGap: 22,
      },
      series: lines(cpu, { unit: "cores", widthSeconds, colours, firstColour: 5 }),
    },
    {
      above: 44,
      height: 80,
      yAxis: { ...value("clients waiting for a server connection"), minInterval: 1 },
      series: lines(waiting, { unit: "clients", widthSeconds, colours }),
    },
    {
      above: 44,
      height: 70,
      yAxis: value("WAL written by primaries, MiB per second"),
      series: lines(written, { unit: "MiB/s", widthSeconds, colours }),
    },
  ];
  // A cluster without poolers has no queues to draw.
  return panels.filter(({ series }) => series.length > 0);
}

function value(name: string): object {
  return { type: "value", min: 0, splitNumber: 2, name, nameGap: 12 };
}

function lines(
  list: readonly TimeLine[],
  {
    unit,
    widthSeconds,
    colours,
    firstColour = 0,
  }: { unit: string; widthSeconds: number; colours: Colours; firstColour?: number },
): object[] {
  return list.map(({ name, points }, index) => {
    const whole = name === "whole machine";
    const colour = whole ? colours.muted : (colours.hops[(index + firstColour) % 6] ?? colours.text);
    return {
      name,
      type: "line",
      symbol: "none",
      lineStyle: { width: whole ? 2.5 : 1.5, color: colour, type: index > 6 ? "dashed" : "solid" },
      itemStyle: { color: colour },
      data: withGaps(points, widthSeconds),
      tooltip: {
        valueFormatter: (value: unknown) =>
          typeof value === "number" ? `${formatNumber(value)} ${unit}` : "—",
      },
    };
  });
}

/** Readings pause between clusters: no line is drawn across. In long runs, points lie further apart than that by themselves. */
function withGaps(points: TimeLine["points"], widthSeconds: number): unknown[] {
  const longest = Math.max(LONGEST_PAUSE_SECONDS, 2 * widthSeconds);
  return points.flatMap(([at, value], index) => {
    const before = points[index - 1];
    const gap = before !== undefined && at - before[0] > longest;
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
