import { formatMoment, formatValue } from "../../../harness/model/format-value.ts";
import type { ChartBoard } from "../drawing/board.ts";
import { currentColours, escapeText, latencyText, type Colours } from "../drawing/style.ts";
import {
  checkpointSeries,
  stageAreas,
  timeChart,
  timeChartHeight,
  type TimePanel,
} from "../drawing/time-chart.ts";
import { resourcePanels } from "../resources/draw.ts";
import type { Mark, TimelineData } from "./data.ts";
import type { StreamData, Times, Values } from "./streams.ts";

export function drawTimeline(data: TimelineData, board: ChartBoard): void {
  const { lengthSeconds, streams, stages, observed } = data;
  let [stream] = streams;
  if (stream === undefined) return;
  const height = timeChartHeight(panelsOf(data, stream, currentColours()));
  const left = observed === null ? 76 : 132;
  board.add("timeline", {
    height,
    timed: true,
    option: (colours) =>
      timeChart(stream === undefined ? [] : panelsOf(data, stream, colours), {
        colours,
        lengthSeconds,
        left,
        areas: (labelled) => areasOf(data, colours, labelled),
      }),
  });
  board.onChoice('input[name="stream"]', (value) => (stream = streams.find(({ name }) => name === value)));
  board.onChoice("#timeline-stage", (value) => {
    const wanted = stages.find(({ title }) => title === value);
    board.zoom(wanted?.from ?? 0, wanted?.to ?? Math.ceil(lengthSeconds));
  });
  for (const element of document.querySelectorAll<HTMLElement>("[data-from]")) {
    element.addEventListener("click", () =>
      board.zoom(Number(element.dataset.from), Number(element.dataset.to)),
    );
  }
}

/** Outcomes and latency of one stream, what the observers saw, and what was used: what there is of it. */
function panelsOf(data: TimelineData, stream: StreamData, colours: Colours): TimePanel[] {
  const { observed, checkpoints, resources } = data;
  const diamonds = checkpoints.length === 0 ? [] : [checkpointSeries(checkpoints, colours)];
  return [
    {
      above: 86,
      height: 150,
      legend: [
        ...["ok", "failed", "unknown", "p50", stream.latencyMs.upperName, "max"],
        ...(diamonds.length === 0 ? [] : ["checkpoint"]),
      ],
      yAxis: { type: "value", name: "operations per second, by outcome", nameGap: 24 },
      series: [...outcomeSeries(stream, colours), ...diamonds],
    },
    {
      above: 44,
      height: 170,
      yAxis: {
        type: "log",
        name: "latency of operations that ended ok",
        axisLabel: { color: colours.muted, formatter: latencyText },
      },
      series: latencySeries(stream, colours),
    },
    ...(observed === null ? [] : [observedPanel(observed, colours)]),
    ...(resources === null ? [] : resourcePanels(resources, colours)),
  ];
}

function observedPanel({ lanes, marks }: NonNullable<TimelineData["observed"]>, colours: Colours): TimePanel {
  return {
    above: 30,
    height: 130,
    yAxis: {
      type: "category",
      data: [...lanes].reverse(),
      axisLabel: { color: colours.text, fontSize: 12, interval: 0 },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: colours.line } },
    },
    series: [markSeries(marks, colours)],
  };
}

function outcomeSeries({ outcomes }: StreamData, colours: Colours): object[] {
  return (["ok", "failed", "unknown"] as const).map((outcome) => ({
    name: outcome,
    type: "line",
    step: "middle",
    stack: "outcomes",
    symbol: "none",
    lineStyle: { width: 0 },
    itemStyle: { color: colours[outcome] },
    areaStyle: { color: colours[outcome], opacity: outcome === "ok" ? 0.5 : 0.82 },
    data: points(outcomes.at, outcomes[outcome]),
    tooltip: {
      valueFormatter: (value: unknown) => formatValue(typeof value === "number" ? value : 0, "op/s"),
    },
  }));
}

function latencySeries({ latencyMs }: StreamData, colours: Colours): object[] {
  const lines = [
    { name: "p50", values: latencyMs.p50, colour: colours.writes, type: "solid" },
    { name: latencyMs.upperName, values: latencyMs.upper, colour: colours.reads, type: "dashed" },
    { name: "max", values: latencyMs.max, colour: colours.muted, type: "dotted" },
  ];
  return lines.map(({ name, values, colour, type }) => ({
    name,
    type: "line",
    symbol: "none",
    itemStyle: { color: colour },
    lineStyle: { width: 1.5, type, color: colour },
    data: points(latencyMs.at, values, LEAST_MS),
    tooltip: {
      valueFormatter: (value: unknown) => (typeof value === "number" ? formatValue(value, "ms") : "—"),
    },
  }));
}

function points(at: Times, values: Values, least = 0): unknown[] {
  const seconds = (index: number): number =>
    "step" in at ? at.first + index * at.step : (at[index] ?? Number.NaN);
  return values.map((value, index) => [
    seconds(index) * 1000,
    value === null ? null : Math.max(value, least),
  ]);
}

/** Of the stages beside faults the steady phases alone: the weak bands are those of redundancy then. */
function areasOf({ stages, injections }: TimelineData, colours: Colours, labelled: boolean): object[] {
  const steady = stages.map((stage) => ({
    ...stage,
    phases: stage.phases.filter(({ phase }) => injections.length === 0 || phase === "steady"),
  }));
  return [
    ...(stages.length === 0 ? [] : [stageAreas(steady, colours, labelled && injections.length === 0)]),
    ...(injections.length === 0 ? [] : [injectionAreas(injections, colours, labelled)]),
  ];
}

/** Two bands per injection: without service (strong), and without full redundancy (weak). */
function injectionAreas(injections: TimelineData["injections"], colours: Colours, labelled: boolean): object {
  return {
    silent: true,
    data: injections.flatMap(({ injection, from, served: lasted, to }) => {
      const served = lasted ?? to;
      const label = {
        show: labelled,
        color: colours.muted,
        fontSize: 11,
        position: "top",
        formatter: `${injection}`,
      };
      return [
        [{ xAxis: from * 1000, itemStyle: { color: colours.outage }, label }, { xAxis: served * 1000 }],
        [
          { xAxis: served * 1000, itemStyle: { color: colours.weak }, label: { show: false } },
          { xAxis: Math.max(served, to) * 1000 },
        ],
      ];
    }),
  };
}

function markSeries(marks: readonly Mark[], colours: Colours): object {
  const tones = {
    good: { symbol: "triangle", symbolOffset: [0, 4], color: colours.ok },
    bad: { symbol: "rect", symbolOffset: [0, -4], color: colours.failed },
    neutral: { symbol: "circle", symbolOffset: [0, 0], color: colours.muted },
  };
  return {
    name: "observed",
    type: "scatter",
    symbolSize: 8,
    data: marks.map((mark) => ({
      value: [mark.at * 1000, mark.lane],
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
  };
}

/** What is drawn of 0 on an axis that has no 0. */
const LEAST_MS = 0.001;
