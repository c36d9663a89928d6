import type { Measurements } from "../model/measurement.ts";
import type { Sample } from "../model/sample.ts";
import { largest, percentile } from "../stats/ranked-operations.ts";

/** How late the agent started the probes' operations: actual minus intended start, milliseconds, over the whole load. */
export function measureScheduleLag(probes: readonly (readonly Sample[])[]): Measurements["scheduleLagMs"] {
  const n = probes.reduce((sum, samples) => sum + samples.length, 0);
  const lags = new Float64Array(n);
  let index = 0;
  for (const samples of probes) {
    for (const { intendedUs, startUs } of samples) lags[index++] = Math.max(0, startUs - intendedUs);
  }
  lags.sort();
  const toMs = 1 / 1000;
  return { n, p50: percentile(lags, 50, toMs), p99: percentile(lags, 99, toMs), max: largest(lags, toMs) };
}
