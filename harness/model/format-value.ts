import type { MetricDescription } from "./metric.ts";

export type Unit = MetricDescription["unit"];

/**
 * A value of a metric as every sentence, table and page writes it: `1.71 s`, `22.9 s`, `0.412 ms`, `61,234 op/s`,
 * `1 row`, `1.87×`. Seconds go no further than a hundredth, which is a probe's interval,
 * and ratios no further than a percent.
 */
export function formatValue(value: number, unit: Unit): string {
  const number = formatNumber(value, unit === "s" || unit === "ratio" ? 2 : 3);
  if (unit === "ratio") return `${number}×`;
  return `${number} ${value === 1 ? (SINGULAR[unit] ?? unit) : unit}`;
}

/** A number to three significant digits, and no more than `places` behind the point; whole ones with all their digits. */
export function formatNumber(value: number, places = 3): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 99.95) return formatCount(Math.round(value));
  return value.toFixed(size >= 9.995 ? 1 : size >= 0.9995 ? 2 : places);
}

/** How likely something is by chance: `0.43`, `0.012`, `below 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? "below 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}

/** `61234` as `61,234`, whatever the machine's language. */
export function formatCount(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Units of things, of which there may be one. */
const SINGULAR: Partial<Record<Unit, string>> = {
  rows: "row",
  operations: "operation",
  moments: "moment",
  connections: "connection",
  invariants: "invariant",
  writes: "write",
};
