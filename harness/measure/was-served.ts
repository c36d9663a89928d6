import type { Sample } from "../model/sample.ts";

/** Served in time: answered ok within the client's time-out of its intended start, however late it was sent. */
export function wasServed(sample: Sample, timeoutMs: number): boolean {
  return sample.outcome === "ok" && sample.endUs - sample.intendedUs <= timeoutMs * 1000;
}
