import { neverSentCode, type Sample } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";
import type { InjectionWindow } from "./list-injections.ts";

export interface OperationCounts {
  readonly failed: number;
  readonly unknown: number;
  readonly late: number;
  /** Of those that failed: that the client itself did not send. */
  readonly neverSent: number;
}

export const noOperations: OperationCounts = { failed: 0, unknown: 0, late: 0, neverSent: 0 };

/**
 * Of each window: operations of all streams that were under way or due between the fault and the next injection, by
 * outcome; late: started more than one interval of the write probe after their intended start. In one pass.
 */
export function countOperations(
  streams: Iterable<Iterable<Sample>>,
  windows: readonly Pick<InjectionWindow, "faultAtUs" | "windowEndUs">[],
  probeIntervalUs: number,
): OperationCounts[] {
  const counts = windows.map((window) => ({ ...window, failed: 0, unknown: 0, late: 0, neverSent: 0 }));
  for (const samples of streams) {
    tellEach(samples, {
      add: (_id, intendedUs, startUs, endUs, { outcome, code }) => {
        const late = startUs - intendedUs > probeIntervalUs;
        if (outcome === "ok" && !late) return;
        for (const own of counts) {
          if (intendedUs >= own.windowEndUs || endUs <= own.faultAtUs) continue;
          if (outcome !== "ok") own[outcome]++;
          if (late) own.late++;
          if (code === neverSentCode) own.neverSent++;
        }
      },
    });
  }
  return counts.map(({ failed, unknown, late, neverSent }) => ({ failed, unknown, late, neverSent }));
}
