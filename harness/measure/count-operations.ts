import { neverSentCode, type Sample } from "../model/sample.ts";
import type { InjectionWindow } from "./list-injections.ts";

export interface OperationCounts {
  readonly failed: number;
  readonly unknown: number;
  readonly late: number;
  /** Of those that failed: that the client itself did not send. */
  readonly neverSent: number;
}

/**
 * Operations of all streams that were under way or due between the fault and the next injection, by outcome; late:
 * started more than one interval of the write probe after their intended start.
 */
export function countOperations(
  streams: Iterable<readonly Sample[]>,
  { faultAtUs, windowEndUs }: Pick<InjectionWindow, "faultAtUs" | "windowEndUs">,
  probeIntervalUs: number,
): OperationCounts {
  const counts = { failed: 0, unknown: 0, late: 0, neverSent: 0 };
  for (const samples of streams) {
    for (const { intendedUs, startUs, endUs, outcome, code } of samples) {
      const late = startUs - intendedUs > probeIntervalUs;
      if (outcome === "ok" && !late) continue;
      if (intendedUs >= windowEndUs || endUs <= faultAtUs) continue;
      if (outcome !== "ok") counts[outcome]++;
      if (late) counts.late++;
      if (code === neverSentCode) counts.neverSent++;
    }
  }
  return counts;
}
