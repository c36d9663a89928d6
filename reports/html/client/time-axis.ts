import { axisStyle } from "./chart-style.ts";
import type { Colours } from "./colours.ts";
import { formatMoment } from "../../../harness/model/format-value.ts";

/** An axis of the recording's time for one grid of a chart; the axis counts milliseconds, so that its marks fall on whole seconds. */
export function timeAxis(
  colours: Colours,
  { gridIndex, lengthSeconds, labels }: { gridIndex: number; lengthSeconds: number; labels: boolean },
): object {
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
    axisPointer: { label: { formatter: ({ value }: { value: number }) => formatMoment(value * 1000, 1) } },
    splitLine: { show: false },
  };
}

/** Zooming for all grids of a chart at once. */
export function timeZoom(
  colours: Colours,
  { grids, top, left }: { grids: number; top: number; left: number },
): object[] {
  const xAxisIndex = Array.from({ length: grids }, (_, index) => index);
  return [
    { type: "inside", xAxisIndex, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
    {
      type: "slider",
      xAxisIndex,
      top,
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
