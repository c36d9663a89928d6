import type { Figure } from "./measurement.ts";

/**
 * Whether a latency that missed a bound might have kept it if the client had not been late itself: then it decides nothing
 * about the cluster. Asked alike where targets are judged and where a capacity is looked for. `keeps` is the bound.
 */
export function mayBeTheClient(
  withoutLateness: Figure | undefined,
  keeps: (value: number) => boolean,
): boolean {
  if (withoutLateness === undefined || withoutLateness.kind === "withheld") return false;
  return keeps(withoutLateness.kind === "between" ? withoutLateness.low : withoutLateness.value);
}
