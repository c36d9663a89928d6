import type { Sample } from "../model/sample.ts";

/** Order of the values in each line of a samples file; its first line names them. */
export const SAMPLE_COLUMNS = [
  "id",
  "intendedUs",
  "startUs",
  "endUs",
  "outcome",
  "code",
] as const satisfies readonly (keyof Sample)[];
