import type { Micros } from "../../model/clock.ts";
import type { Arrival } from "../../model/load.ts";
import type { Random } from "../../model/workload.ts";

/** Gives the intended start of the next operation, each later than the one before. Never ends. */
export type Arrivals = () => Micros;

/**
 * An open-loop schedule: when operations are due has nothing to do with how earlier ones fared. Constant: operation
 * n is due at `first + n / rate`, computed anew each time so that rounding never adds up. Poisson: exponential gaps
 * by inversion, `-ln(1 - u) / rate` (Knuth, TAOCP vol. 2, 3.4.1), so counts per second have mean and variance `rate`.
 */
export function arrivals(schedule: {
  readonly arrival: Arrival;
  readonly ratePerSecond: number;
  readonly firstUs: Micros;
  readonly random: Random;
}): Arrivals {
  const { arrival, ratePerSecond, firstUs, random } = schedule;
  const intervalUs = 1_000_000 / ratePerSecond;
  if (arrival === "constant") {
    let operations = 0;
    return () => Math.round(firstUs + operations++ * intervalUs);
  }
  let dueUs = firstUs;
  return () => {
    dueUs += -Math.log(1 - random()) * intervalUs;
    return Math.round(dueUs);
  };
}
