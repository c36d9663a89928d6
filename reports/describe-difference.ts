import { type Evidence, type SideDifference, unitsInWords } from "../harness/model/comparison.ts";
import { figureInWords, formatP, formatValue } from "../harness/model/format-value.ts";
import type { Unit } from "../harness/model/metric.ts";
import type { ComparisonRows } from "./comparison.ts";

/**
 * `1.12× (1.04× to 1.20×)`, with the interval's confidence where it is below the usual 95 %; in the metric's own unit where there is no ratio to 0: `+7 rows (+3 rows to +9 rows)`.
 */
export function estimateInWords({ ratio, evidence }: SideDifference, unit: Unit): string {
  if ("withheld" in evidence) return ratio.kind === "withheld" ? "" : figureInWords(ratio, times);
  const { scale, estimate, interval, confidence } = evidence;
  const sure = confidence < 0.95 ? `, ${Math.floor(confidence * 100)} %` : "";
  if (scale === "ratio")
    return `${figureInWords(estimate, times)} (${figureInWords(interval, times)}${sure})`;
  const more = (value: number): string => `${value > 0 ? "+" : ""}${formatValue(value, unit)}`;
  return `${figureInWords(estimate, more)} (${figureInWords(interval, more)}${sure})`;
}

/** `p 0.012, 12 and 12 blocks of 3 s`: of the test that the finding rests on. */
export function testInWords(evidence: Evidence, finding: SideDifference["finding"]): string {
  const { noDifference, farApart, unit, n } = evidence;
  const p = finding === "alike" && farApart !== null ? farApart : noDifference;
  return `p ${formatP(p.amongAll)}, ${unitsInWords(unit, n)}`;
}

/** Why differences are undecided, each reason once, in the order in which the rows show them. */
export function reasonsUndecided({ groups }: ComparisonRows): readonly string[] {
  const whys = groups.flatMap(({ rows }) =>
    rows.flatMap(({ differences }) =>
      differences.flatMap(({ finding, why }) => (finding === "undecided" ? [why] : [])),
    ),
  );
  return [...new Set(whys)];
}

function times(ratio: number): string {
  return formatValue(ratio, "ratio");
}
