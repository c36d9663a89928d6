import type { Micros } from "../harness/model/clock.ts";

/** A moment on the recording's clock as minutes, seconds and milliseconds since it began: `3:07.250`. */
export function formatMoment(atUs: Micros): string {
  const ms = Math.max(0, Math.round(atUs / 1000));
  const seconds = ((ms % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return `${Math.floor(ms / 60_000)}:${seconds}`;
}

/** A length of time for people: `9 min 12 s`. */
export function formatDuration(lengthUs: Micros): string {
  const seconds = Math.round(lengthUs / 1_000_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
