import type { Micros } from "../model/clock.ts";
import type { Outcome } from "../model/sample.ts";

/** One sample as it travels: id, intended, start, end, outcome, code. */
export type SampleRow = readonly [number, Micros, Micros, Micros, Outcome, string | null];
