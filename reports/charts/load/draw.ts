import type { ChartBoard } from "../drawing/board.ts";
import type { LoadData, LoadPoint, PercentileName } from "./data.ts";
import { axisStyle, baseStyle } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { escapeText, latencyText } from "../drawing/style.ts";
import { formatRate, formatValue, roundedTo } from "../../../harness/model/format-value.ts";

export function drawLoad(data: LoadData, board: ChartBoard): void {
  let percentile: PercentileName = "p99";
  board.add("load", { height: 400, option: (colours) => loadChart(data, percentile, colours) });
  board.onChoice('input[name="percentile"]', (value) => (percentile = value as PercentileName));
}

/**
 * Latency over the offered rate. One group: a line per percentile. Several (variants, runs): a line per group, of the
 * percentile that is chosen. Closed stages are hollow and on no line; doubtful ones are crossed; where only a lower bound
 * is known, an arrow points up.
 */
function loadChart(data: LoadData, chosen: PercentileName, colours: Colours): EChartsOption {
  const lines = linesOf(data, chosen, colours);
  return {
    ...baseStyle(colours),
    grid: { left: 70, right: 30, top: 80, bottom: 52 },
    legend: {
      top: 0,
      left: 0,
      itemGap: 18,
      textStyle: { color: colours.text },
      data: lines.map(({ name }) => name),
    },
    tooltip: { ...baseStyle(colours).tooltip, trigger: "item" },
    xAxis: {
      ...axisStyle(colours),
      type: "value",
      min: 0,
      name: "offered, operations per second",
      nameLocation: "middle",
      nameGap: 30,
    },
    yAxis: {
      ...axisStyle(colours),
      type: "log",
      name: "latency from the intended start",
      nameGap: 24,
      nameTextStyle: {
        color: colours.text,
        fontSize: 12,
        fontWeight: "bold",
        align: "left",
        padding: [0, 0, 0, -50],
      },
      axisLabel: { color: colours.muted, formatter: latencyText },
      minorTick: { show: true },
      ...rangeOf(data),
    },
    series: lines.flatMap((line, index) => [
      openSeries(line),
      closedSeries(line, colours),
      ...(index === 0 ? [targetSeries(targetsOf(data, chosen), colours)] : []),
      capacitySeries(line, data, colours),
    ]),
  };
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly symbol: string;
  readonly percentile: PercentileName;
  readonly points: readonly LoadPoint[];
  readonly capacity:
    (NonNullable<LoadData["groups"][number]["capacity"]> & { readonly label: string }) | null;
}

function linesOf({ groups }: LoadData, chosen: PercentileName, colours: Colours): Line[] {
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) {
    return PERCENTILES.map((percentile, index) => ({
      name: percentile,
      colour: colours.hops[[0, 2, 1][index] ?? 0] ?? colours.text,
      symbol: SYMBOLS[index] ?? "circle",
      percentile,
      points: only.points,
      capacity: index === 0 && only.capacity !== null ? { ...only.capacity, label: "capacity" } : null,
    }));
  }
  return groups.map(({ name, points, capacity }, index) => ({
    name,
    colour: colours.hops[index % colours.hops.length] ?? colours.text,
    symbol: SYMBOLS[index % SYMBOLS.length] ?? "circle",
    percentile: chosen,
    points,
    capacity: capacity === null ? null : { ...capacity, label: `capacity, ${name}` },
  }));
}

function openSeries(line: Line): object {
  const points = line.points.filter(({ closed }) => !closed).toSorted((a, b) => a.offered - b.offered);
  return {
    ...common(line),
    type: "line",
    symbol: line.symbol,
    symbolSize: 9,
    lineStyle: { width: 2, color: line.colour },
    itemStyle: { color: line.colour },
    data: points.map((point) => datum(point, line)),
  };
}

function closedSeries(line: Line, colours: Colours): object {
  return {
    ...common(line),
    type: "scatter",
    symbol: line.symbol,
    symbolSize: 11,
    itemStyle: { color: colours.card, borderColor: line.colour, borderWidth: 2 },
    data: line.points.filter(({ closed }) => closed).map((point) => datum(point, line)),
  };
}

function common({ name, percentile }: Line): object {
  return {
    name,
    tooltip: {
      formatter: ({ data: { point } }: { data: Datum }) =>
        [
          `<b>${escapeText(point.title)}</b>${point.closed ? " (closed)" : ""}`,
          `${name === percentile ? "" : `${escapeText(name)}: `}${percentile} <b>${msText(point, percentile)}</b>`,
          PERCENTILES.map((each) => `${each} ${msText(point, each)}`).join(", "),
          `offered ${formatRate(point.offered)}/s, answered ${formatRate(point.throughput)}/s`,
          ...(point.doubt === null ? [] : [`⚠ ${escapeText(point.doubt)}`]),
        ].join("<br>"),
    },
    z: 3,
  };
}

interface Datum {
  readonly value: readonly [offered: number, ms: number | null];
  readonly point: LoadPoint;
  readonly symbol?: string;
  readonly symbolSize?: number;
}

function datum(point: LoadPoint, { percentile }: Line): Datum {
  const ms = point.latencyMs[percentile];
  const plain: Datum = { value: [point.offered, ms === null ? null : Math.max(ms, 0.001)], point };
  if (point.doubt !== null) return { ...plain, symbol: CROSS, symbolSize: 12 };
  return point.atLeast.includes(percentile) ? { ...plain, symbol: "arrow", symbolSize: 14 } : plain;
}

/** With one group all percentiles are drawn, and so all targets; else those of the percentile that is. */
function targetsOf({ groups, targets }: LoadData, chosen: PercentileName): LoadData["targets"] {
  return targets
    .filter(({ percentile }) => groups.length === 1 || percentile === chosen)
    .toSorted((a, b) => a.ms - b.ms);
}

function targetSeries(targets: LoadData["targets"], colours: Colours): object {
  return {
    type: "line",
    data: [],
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colours.failed, width: 1.5, type: "solid" },
      label: { color: colours.failed, fontSize: 12, fontWeight: "bold", formatter: "{b}" },
      data: targets.map(({ label, ms }, index) => ({
        name: `target ${label}`,
        yAxis: ms,
        label: { position: LABEL_PLACES[index % LABEL_PLACES.length] },
      })),
    },
    z: 2,
  };
}

function capacitySeries({ capacity, colour }: Line, data: LoadData, colours: Colours): object {
  const several = data.groups.length > 1;
  return {
    type: "line",
    data: [],
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: several ? colour : colours.muted, width: 1.5, type: "dashed" },
      label: {
        show: !several,
        color: colours.text,
        fontSize: 12,
        position: "end",
        formatter: "{b}",
      },
      data:
        capacity === null
          ? []
          : [
              {
                name: `${capacity.label} ${rateText(capacity)}/s`,
                xAxis: capacity.low,
              },
            ],
    },
    markArea: {
      silent: true,
      itemStyle: { color: several ? colour : colours.muted, opacity: 0.15 },
      data: typeof capacity?.high === "number" ? [[{ xAxis: capacity.low }, { xAxis: capacity.high }]] : [],
    },
    z: 1,
  };
}

/** "17,000 to 17,500", "≥ 17,000", or the one rate that both ends are. */
function rateText({ low, high }: NonNullable<Line["capacity"]>): string {
  const [from, to] = [low, high].map((rate) => (rate === null ? null : formatRate(rate)));
  if (to === null) return `≥ ${from}`;
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** The axis reaches from below the smallest latency to above the largest, and takes in targets that lie near. */
function rangeOf({ groups, targets }: LoadData): { min?: number; max?: number } {
  const found = groups.flatMap(({ points }) =>
    points.flatMap(({ latencyMs }) => PERCENTILES.map((name) => latencyMs[name]).filter((ms) => ms !== null)),
  );
  if (found.length === 0) return {};
  const most = Math.max(...found, ...targets.map(({ ms }) => ms));
  return {
    min: nice(Math.max(0.001, Math.min(...found)) / 1.3, Math.floor),
    max: nice(most * 1.3, Math.ceil),
  };
}

/** Rounds to one digit, in the direction given. */
function nice(ms: number, round: (value: number) => number): number {
  const unit = 10 ** Math.floor(Math.log10(ms));
  return roundedTo(round(ms / unit) * unit, 3);
}

function msText({ latencyMs, atLeast }: LoadPoint, percentile: PercentileName): string {
  const ms = latencyMs[percentile];
  if (ms === null) return "—";
  return `${atLeast.includes(percentile) ? "≥ " : ""}${formatValue(ms, "ms")}`;
}

/** Bounds that lie close together have their labels apart. */
const LABEL_PLACES = ["insideStartTop", "insideEndTop", "insideMiddleTop"];
const SYMBOLS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];
const CROSS = "path://M-8,-5 L-5,-8 L0,-3 L5,-8 L8,-5 L3,0 L8,5 L5,8 L0,3 L-5,8 L-8,5 L-3,0 Z";
const PERCENTILES: readonly PercentileName[] = ["p50", "p95", "p99"];
