import { z } from "zod";
import { printable, printableLine } from "../../support/printable.ts";

/** Free text. Control characters become escapes: a recording may come from anywhere, and this ends on terminals and pages. */
export const text = z.string().overwrite(printable);

/** The same for names and whatever else has to stay within its line. */
export const line = z.string().overwrite(printableLine);

/** A fifth of a year and more, on the recording's clock: beyond it a moment is no moment of a run. */
export const FARTHEST_US = 1e13;

export const micros = z.number().min(-FARTHEST_US).max(FARTHEST_US).meta({
  id: "Micros",
  description: "A moment: microseconds since the recording began, on its own monotonic clock.",
});
export const count = z.int().min(0);
export const atLeastZero = z.number().min(0);
export const share = z.number();
