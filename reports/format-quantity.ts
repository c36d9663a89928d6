import { formatNumber } from "../harness/model/format-value.ts";

/** Operations per second without their unit: `4,021`. */
export function formatRate(perSecond: number): string {
  return formatNumber(perSecond >= 100 ? Math.round(perSecond) : perSecond);
}

/** Milliseconds without their unit: `0.412`, `8.31`, `127`. */
export function formatMs(ms: number): string {
  return formatNumber(ms);
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
