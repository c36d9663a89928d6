import { formatCount } from "./format-figure.ts";

/** Operations per second: `4,021`, and one decimal below 100. */
export function formatRate(perSecond: number): string {
  return perSecond >= 100 || Number.isInteger(perSecond)
    ? formatCount(Math.round(perSecond))
    : perSecond.toFixed(1);
}

/** Milliseconds to three digits: `0.412`, `8.31`, `127`. */
export function formatMs(ms: number): string {
  if (ms === 0) return "0";
  const digits = ms >= 100 ? 0 : ms >= 10 ? 1 : ms >= 1 ? 2 : 3;
  return digits === 0 ? formatCount(Math.round(ms)) : ms.toFixed(digits);
}

/** CPU time per time: `0.42`. */
export function formatCores(cores: number): string {
  return cores.toFixed(2);
}

/** Bytes in binary units: `1.4 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024) return `${value >= 100 || unit === "B" ? Math.round(value) : value.toFixed(1)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)} TiB`;
}

/** A ratio as one reads it: `0.97×`, `12×`. */
export function formatRatio(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(2)}×`;
}
