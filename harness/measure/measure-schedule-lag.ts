import type { Measurements } from "../model/measurement.ts";
import type { Sample } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";
import { CountedTimes } from "../stats/counted-times.ts";
import { largest, percentile } from "../stats/ranked-operations.ts";

/** How late the agent started the probes' operations: actual minus intended start, milliseconds, over the whole load. */
export function measureScheduleLag(probes: readonly Iterable<Sample>[]): Measurements["scheduleLagMs"] {
  const lags = new CountedTimes();
  for (const samples of probes) {
    tellEach(samples, { add: (_id, intendedUs, startUs) => lags.add(Math.max(0, startUs - intendedUs)) });
  }
  const toMs = 1 / 1000;
  return {
    n: lags.count,
    p50: percentile(lags, 50, toMs),
    p99: percentile(lags, 99, toMs),
    max: largest(lags, toMs),
  };
}
