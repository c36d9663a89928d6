import type { Checkpoint } from "../benchmark-data.ts";
import type { Colours } from "./colours.ts";
import { escapeText } from "./words.ts";
import { formatMoment } from "../../../harness/model/format-value.ts";

/** Checkpoints as diamonds on the bottom of a grid. */
export function checkpointSeries(
  checkpoints: readonly Checkpoint[],
  { grid, colours }: { grid: number; colours: Colours },
): object {
  return {
    name: "checkpoint",
    type: "scatter",
    xAxisIndex: grid,
    yAxisIndex: grid,
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
