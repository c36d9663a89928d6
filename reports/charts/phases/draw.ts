import type { ChartBoard } from "../drawing/board.ts";
import type { PhaseData, PhaseRow } from "./data.ts";
import { axisStyle, baseStyle } from "../drawing/style.ts";
import type { Colours } from "../drawing/style.ts";
import type { EChartsOption } from "../drawing/echarts.ts";
import { escapeText } from "../drawing/style.ts";
import { formatValue } from "../../../harness/model/format-value.ts";

export function drawPhases(data: PhaseData, board: ChartBoard): void {
  let rows = data.injections;
  board.add("phases", {
    height: 120 + data.injections.length * 25,
    option: (colours) => phaseChart(data, rows, colours),
  });
  board.onChoice('input[name="phase-rows"]', (value) => {
    rows = value === "injections" ? data.injections : data.medians;
  });
}

/** Hops of each failover as stacked bars: one bar per injection, or per fault with the medians. */
function phaseChart(data: PhaseData, rows: readonly PhaseRow[], colours: Colours): EChartsOption {
  const bars = [...rows].reverse();
  return {
    ...baseStyle(colours),
    grid: { left: 140, right: 24, top: 60, bottom: 44 },
    legend: {
      top: 0,
      left: 0,
      itemGap: 14,
      itemWidth: 16,
      textStyle: { color: colours.text },
      data: [...data.hops],
    },
    xAxis: {
      ...axisStyle(colours),
      type: "value",
      name: "seconds since the fault",
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: {
      ...axisStyle(colours),
      type: "category",
      data: bars.map(({ label }) => label),
      axisLabel: { color: colours.text, fontSize: 12, interval: 0 },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    series: data.hops.map((hop, index) => ({
      name: hop,
      type: "bar",
      stack: "hops",
      barMaxWidth: 18,
      itemStyle: { color: colours.hops[index], borderColor: colours.card, borderWidth: 1 },
      data: bars.map((row) => barOf(row.hops[index], colours)),
      tooltip: {
        formatter: ({ dataIndex, value }: { dataIndex: number; value: number }) => {
          const row = bars[dataIndex];
          const stretch = row?.hops[index];
          const atLeast = stretch?.atLeast === true ? "at least " : "";
          const most = stretch?.atMost ?? null;
          const atMost = most === null ? "" : ` to ${formatValue(most, "s")}`;
          return [
            escapeText(row?.label ?? ""),
            `${escapeText(hop)}: <b>${atLeast}${formatValue(value, "s")}${atMost}</b>`,
            escapeText(stretch?.evidence ?? ""),
          ].join("<br>");
        },
      },
    })),
  } as EChartsOption;
}

/** One stretch of a bar; one that had not ended says so. */
function barOf(hop: PhaseRow["hops"][number] | undefined, colours: Colours): object | null {
  if (hop?.seconds === null || hop === undefined) return null;
  const label = {
    show: true,
    position: "insideRight",
    formatter: "not ended ▸",
    color: colours.card,
    fontSize: 11,
  };
  return hop.atLeast ? { value: hop.seconds, label } : { value: hop.seconds };
}
