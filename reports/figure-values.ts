import type { Figure } from "../harness/model/measurement.ts";

/** The number in a figure, for drawing; null where it was withheld. */
export function numberOf(figure: Figure): number | null {
  return figure.kind === "withheld" ? null : figure.value;
}
