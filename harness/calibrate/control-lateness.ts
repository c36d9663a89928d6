import { valueAtPercentile } from "../stats/percentiles.ts";
import type { ControlWake } from "./control-sleeper.ts";

/** How late the control woke. Milliseconds. */
export interface ControlLateness {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of these wake-ups together; null: there are none. */
export function latenessOf(control: readonly ControlWake[]): ControlLateness | null {
  if (control.length === 0) return null;
  const lateMs = Float64Array.from(control, ([, lateUs]) => lateUs / 1000).sort();
  return {
    mean: lateMs.reduce((sum, late) => sum + late) / lateMs.length,
    p50: valueAtPercentile(lateMs, 50),
    p99: valueAtPercentile(lateMs, 99),
    max: valueAtPercentile(lateMs, 100),
  };
}
