import type { Micros } from "../harness/model/clock.ts";
import type { Measurements, StrayOutage } from "../harness/model/measurement.ts";
import type { Recording } from "../harness/model/recording.ts";
import { lateShareOfTimeout } from "../harness/model/sample.ts";
import { lastEndUs } from "../harness/model/samples.ts";
import type { Verdict } from "../harness/model/verdict.ts";
import type { Workload } from "../harness/model/workload.ts";
import { highestOf, knownFigures, lowestOf } from "../harness/stats/figures.ts";

/** All that a report is made from. */
export interface Run {
  readonly recording: Recording;
  readonly measurements: Measurements;
  readonly verdict: Verdict;
  /** Of a benchmark: its workload with the plan's parameters; null where this dpg-bench does not know it. */
  readonly workload?: Workload | null;
}

/** When the last thing recorded happened: how long the run was, on its own clock. */
export function runLengthUs(recording: Recording): Micros {
  let last = recording.events.at(-1)?.atUs ?? 0;
  for (const samples of recording.samples.values()) last = Math.max(last, lastEndUs(samples));
  for (const { startedUs, end, seconds } of recording.stages)
    last = Math.max(last, startedUs, end?.atUs ?? 0, seconds.at(-1)?.toUs ?? 0);
  return last;
}

/** How many injections really happened, by their `injected` events. */
export function injectionsDone(recording: Recording): number {
  const done = new Set<number>();
  for (const event of recording.events) {
    if (event.kind === "injection" && event.moment === "injected") done.add(event.injection);
  }
  return done.size;
}

/**
 * The outages outside the injections that a reader should see: all in which something was seen to go unserved, and
 * stretches in which the client did not look for as long as it takes to call it standing still.
 */
export function strayShown({ recording, measurements }: Run): readonly StrayOutage[] {
  const stillFromSeconds = ((recording.plan.load?.writeProbe.timeoutMs ?? 0) * lateShareOfTimeout) / 1000;
  return measurements.stray.filter(({ seconds }) =>
    knownFigures([seconds]).some((figure) => lowestOf(figure) > 0 || highestOf(figure) > stillFromSeconds),
  );
}
