import type { ComparedFigure } from "../harness/model/comparison.ts";
import type { Comparison } from "./comparison.ts";

/** Figures that at least two runs have, by what they are of; and the names of those that only one run has. */
export interface ComparisonRows {
  readonly groups: readonly { readonly of: string; readonly rows: readonly ComparedFigure[] }[];
  /** Things that were measured in one run alone, such as steps at rates of its own. */
  readonly alone: readonly string[];
}

export function comparisonRows({ compared }: Comparison): ComparisonRows {
  const groups = new Map<string, ComparedFigure[]>();
  const alone = new Set<string>();
  for (const row of compared.rows) {
    const measured = row.figures.filter(({ kind }) => kind !== "withheld").length;
    if (measured >= 2) groups.set(row.of, [...(groups.get(row.of) ?? []), row]);
    else if (measured === 1) alone.add(row.of);
  }
  const capacityFirst = ({ rows }: { readonly rows: readonly ComparedFigure[] }): number =>
    rows.some(({ metric }) => metric === "capacity") ? 0 : 1;
  return {
    groups: [...groups]
      .map(([of, rows]) => ({ of, rows }))
      .toSorted((a, b) => capacityFirst(a) - capacityFirst(b)),
    alone: [...alone].filter((of) => !groups.has(of)),
  };
}
