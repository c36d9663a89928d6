import type { Micros } from "../../model/clock.ts";
import type { ResourceReading } from "../../model/resource.ts";

/** What each reader of resources is given: the clock, where its readings go, and when to end. */
export interface Reporting {
  readonly nowUs: () => Micros;
  readonly report: (reading: ResourceReading) => void;
  /** Something cannot be read, and why, in a whole sentence. */
  readonly complain: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Time between two readings, milliseconds. */
export const READING_MS = 1000;

/** Complains once for each time that something goes wrong after it went well. */
export function onceUntilWell(complain: (text: string) => void): {
  readonly wrong: (text: string) => void;
  readonly well: () => void;
} {
  let isWrong = false;
  return {
    wrong: (text) => {
      if (!isWrong) complain(text);
      isWrong = true;
    },
    well: () => (isWrong = false),
  };
}
