import type { CodeCounts } from "../model/stage.ts";

/** Of all codes together. */
export function totalCount(counts: CodeCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
