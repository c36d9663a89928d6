import type { StageTimelineData } from "../benchmark-data.ts";
import type { Colours } from "./colours.ts";

/** Bands for the phases of every stage: strong where it is steady. Numbers above name the stages. */
export function stageBands({ stages }: StageTimelineData, colours: Colours, labelled: boolean): object {
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
