import { answerDueMs, type CalibrationLoad, type KnownDelay } from "./known-delays.ts";

/** Latency from the intended start, service time, and start less intended start of every operation, milliseconds, each ascending. */
export interface ExpectedTimes {
  readonly latencyMs: Float64Array;
  readonly serviceTimeMs: Float64Array;
  readonly lagMs: Float64Array;
}

/**
 * What a faultless client would measure: operations are due at a constant rate and go out in order on the first
 * connection that is free, computed event by event (a first-come queue with as many servers as connections). For a
 * stall this gives what coordinated omission hides: every operation due while nothing is answered waits, though only
 * as many as there are connections are in operation.
 */
export function expectedTimes(delay: KnownDelay, load: CalibrationLoad): ExpectedTimes {
  const before = load.ratePerSecond * load.warmupSeconds;
  const operations = load.ratePerSecond * load.seconds;
  const freeAtMs = new Float64Array(load.connections);
  const latencyMs = new Float64Array(operations);
  const serviceTimeMs = new Float64Array(operations);
  const lagMs = new Float64Array(operations);
  for (let index = -before; index < operations; index += 1) {
    const intendedMs = ((before + index) * 1000) / load.ratePerSecond;
    let first = 0;
    for (let other = 1; other < freeAtMs.length; other += 1) {
      if ((freeAtMs[other] ?? 0) < (freeAtMs[first] ?? 0)) first = other;
    }
    const startMs = Math.max(intendedMs, freeAtMs[first] ?? 0);
    const endMs = answerDueMs(delay, startMs, before + index + 1);
    freeAtMs[first] = endMs;
    if (index < 0) continue;
    latencyMs[index] = endMs - intendedMs;
    serviceTimeMs[index] = endMs - startMs;
    lagMs[index] = startMs - intendedMs;
  }
  return { latencyMs: latencyMs.sort(), serviceTimeMs: serviceTimeMs.sort(), lagMs: lagMs.sort() };
}
