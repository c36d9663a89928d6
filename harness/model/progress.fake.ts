import type { Progress } from "./progress.ts";

/** Tells nobody. */
export const quietProgress: Progress = {
  step: () => undefined,
  detail: () => undefined,
  note: () => undefined,
};
