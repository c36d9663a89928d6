import { formatMoment } from "../../../harness/model/format-value.ts";
import type { Checkpoint, StageBand } from "../stage-bands.ts";
import type { EChartsOption } from "./echarts.ts";
import { axisStyle, baseStyle, escapeText, headingStyle, type Colours } from "./style.ts";

/** One of several drawings that share an axis of the recording's time, one below the other. */
export interface TimePanel {
  /** Pixels left free above it, for its name and legend. */
  readonly above: number;
  readonly height: number;
  readonly legend?: readonly string[];
  readonly yAxis: object;
  /** Without the numbers of their axes. */
  readonly series: readonly object[];
}

export interface TimeChartOptions {
  readonly colours: Colours;
  readonly lengthSeconds: number;
  /** Pixels for the labels of the other axis. */
  readonly left: number;
  /** Stretches of time that run through all panels; with their labels in the first. */
  readonly areas: (labelled: boolean) => readonly object[];
}

/** Panels on one time axis, zoomed together. */
export function timeChart(panels: readonly TimePanel[], options: TimeChartOptions): EChartsOption {
  const { colours, left, areas } = options;
  const placed = place(panels);
  const bottom = placed.at(-1);
  return {
    ...baseStyle(colours),
    useUTC: true,
    grid: placed.map(({ top, height }) => ({ left, right: 20, top, height })),
    axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colours.muted } },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "axis" },
    legend: placed.flatMap(({ top, above, legend }) =>
      legend === undefined
        ? []
        : [{ top: top - above, left: 0, itemGap: 14, textStyle: { color: colours.text }, data: legend }],
    ),
    xAxis: placed.map((panel, gridIndex) => timeAxis(options, gridIndex, panel === bottom)),
    yAxis: placed.map(({ yAxis }, gridIndex) => ({
      ...axisStyle(colours),
      gridIndex,
      nameTextStyle: headingStyle(colours, Math.min(left, 50)),
      ...yAxis,
    })),
    dataZoom: timeZoom(options, placed),
    series: placed.flatMap(({ series }, grid) => {
      const axes = { xAxisIndex: grid, yAxisIndex: grid };
      return [
        ...series.map((one) => ({ ...one, ...axes })),
        ...areas(grid === 0).map((markArea) => ({ type: "line", ...axes, data: [], markArea })),
      ];
    }),
  } as EChartsOption;
}

/** Pixels that the panels take with their slider. */
export function timeChartHeight(panels: readonly TimePanel[]): number {
  return panels.reduce((sum, { above, height }) => sum + above + height, 0) + 76;
}

type Placed = TimePanel & { readonly top: number };

function place(panels: readonly TimePanel[]): Placed[] {
  let top = 0;
  return panels.map((panel) => {
    const placed = { ...panel, top: top + panel.above };
    top = placed.top + panel.height;
    return placed;
  });
}

/** The axis counts milliseconds, so that its marks fall on whole seconds. */
function timeAxis({ colours, lengthSeconds }: TimeChartOptions, gridIndex: number, labels: boolean): object {
  return {
    ...axisStyle(colours),
    gridIndex,
    type: "time",
    min: 0,
    max: Math.ceil(lengthSeconds) * 1000,
    axisLabel: {
      show: labels,
      color: colours.muted,
      hideOverlap: true,
      formatter: (ms: number) => formatMoment(ms * 1000, ms % 1000 === 0 ? 0 : 2),
    },
    axisPointer: { label: { formatter: ({ value }: { value: number }) => formatMoment(value * 1000, 2) } },
    splitLine: { show: false },
  };
}

/** Zooming for all panels at once. */
function timeZoom({ colours, left }: TimeChartOptions, placed: readonly Placed[]): object[] {
  const xAxisIndex = placed.map((_, index) => index);
  const bottom = placed.at(-1);
  return [
    { type: "inside", xAxisIndex, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
    {
      type: "slider",
      xAxisIndex,
      top: (bottom?.top ?? 0) + (bottom?.height ?? 0) + 38,
      height: 26,
      left,
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
  ];
}

/** Bands for the phases of every stage: strong where it is steady. Numbers above name the stages. */
export function stageAreas(stages: readonly StageBand[], colours: Colours, labelled: boolean): object {
  return {
    silent: true,
    data: stages.flatMap(({ phases }, index) =>
      phases.map(({ phase, from, to }) => [
        {
          xAxis: from * 1000,
          itemStyle: { color: phase === "steady" ? colours.band : colours.weak },
          label: {
            show: labelled && phase === "steady",
            color: colours.muted,
            fontSize: 11,
            position: "top",
            formatter: `${index + 1}`,
          },
        },
        { xAxis: to * 1000 },
      ]),
    ),
  };
}

/** Checkpoints as diamonds on the bottom of a panel. */
export function checkpointSeries(checkpoints: readonly Checkpoint[], colours: Colours): object {
  return {
    name: "checkpoint",
    type: "scatter",
    symbol: "diamond",
    symbolSize: 13,
    itemStyle: { color: colours.text, borderColor: colours.card, borderWidth: 1 },
    data: checkpoints.map(({ at, member }) => ({ value: [at * 1000, 0], member })),
    tooltip: {
      trigger: "item",
      formatter: ({ data }: { data: { value: [number, number]; member: string } }) =>
        `${formatMoment(data.value[0] * 1000, 0)} checkpoint begun on ${escapeText(data.member)}`,
    },
    z: 5,
  };
}
