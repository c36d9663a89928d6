import type { Micros } from "../harness/model/clock.ts";
import type { Recording } from "../harness/model/recording.ts";
import { lastEndUs } from "../harness/model/samples.ts";

/** When the last thing recorded happened: how long the run was, on its own clock. */
export function runLengthUs(recording: Recording): Micros {
  let last = recording.events.at(-1)?.atUs ?? 0;
  for (const samples of recording.samples.values()) last = Math.max(last, lastEndUs(samples));
  for (const { startedUs, end, seconds } of recording.stages)
    last = Math.max(last, startedUs, end?.atUs ?? 0, seconds.at(-1)?.toUs ?? 0);
  return last;
}
