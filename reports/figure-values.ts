import type { Figure } from "../harness/model/measurement.ts";
import { lowestOf } from "../harness/stats/figures.ts";

/** The number in a figure, for drawing: of one that is known within bounds the lower; null where it was withheld. */
export function numberOf(figure: Figure): number | null {
  return figure.kind === "withheld" ? null : lowestOf(figure);
}
