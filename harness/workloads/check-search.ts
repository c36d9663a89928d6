import type { WorkloadDefinition } from "../model/workload.ts";

/** What searches cannot be asked: more rows than there are, an index that its extension would refuse. */
export const checkSearch: NonNullable<WorkloadDefinition["check"]> = (values) => {
  const { rows = 0, k = 0, selectedPercent = 100, m = 0, efConstruction = 0 } = values;
  const matching = Math.floor((rows * selectedPercent) / 100);
  return [
    ...(k > matching
      ? [
          {
            parameter: "k",
            message: `expected at most the ${matching} rows that a search can find${selectedPercent < 100 ? ` (${selectedPercent} % of ${rows})` : ""}, found ${k}.`,
          },
        ]
      : []),
    ...(efConstruction < 2 * m
      ? [
          {
            parameter: "efConstruction",
            message: `expected at least twice m (pgvector refuses less), ${2 * m}, found ${efConstruction}.`,
          },
        ]
      : []),
  ];
};
