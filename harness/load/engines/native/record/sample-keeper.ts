import type { Micros } from "../../../../model/clock.ts";
import type { Outcome } from "../../../../model/sample.ts";
import type { Random } from "../../../../model/workload.ts";
import type { SampleRow } from "../../../protocol/sample-row.ts";
import { Reservoir } from "../../reservoir.ts";
import type { InFlight } from "../sessions/in-flight.ts";

/**
 * Raw samples of one kind of operation: of each interval a uniform choice of those that ended ok, and one of the others,
 * so that what was chosen can be handed on every second and survives the agent. Whatever fails however often, no more
 * is kept; all are counted elsewhere.
 */
export class SampleKeeper {
  readonly #random: Random;
  /** Of intervals that have ended. */
  #kept: SampleRow[] = [];
  #served: Reservoir<SampleRow>;
  #missed: Reservoir<SampleRow>;

  constructor(random: Random) {
    this.#random = random;
    this.#served = new Reservoir(0, random);
    this.#missed = new Reservoir(0, random);
  }

  /** The next interval begins; how many of its operations may be kept. */
  begin(room: SampleRoom): void {
    this.#kept = this.#kept.concat(this.#served.kept, this.#missed.kept);
    this.#served = new Reservoir(room.served, this.#random);
    this.#missed = new Reservoir(room.missed, this.#random);
  }

  offer(inFlight: InFlight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    const reservoir = outcome === "ok" ? this.#served : this.#missed;
    reservoir.offer(() => rowOf(inFlight, nowUs, outcome, code));
  }

  /** What was kept of intervals that have ended since the last call, in order of intended start. */
  take(): readonly SampleRow[] {
    const rows = this.#kept.sort((one, other) => one[1] - other[1]);
    this.#kept = [];
    return rows;
  }
}

function rowOf(inFlight: InFlight, nowUs: Micros, outcome: Outcome, code: string | null): SampleRow {
  const { id, intendedUs, startUs, sentUs } = inFlight;
  const startedUs = sentUs < 0 ? nowUs : startUs;
  return [id, Math.round(intendedUs), Math.round(startedUs), Math.round(nowUs), outcome, code];
}

/** How many samples of one kind of operation may be kept of an interval. */
export interface SampleRoom {
  /** That ended ok. */
  readonly served: number;
  /** That failed, or of which nobody knows. */
  readonly missed: number;
}

/** Of one kind of operation in one stage, of those that did not end ok. */
const MISSED_KEPT = 10_000;
/** Of each interval all the same, so that a few failures in a long stage are all there. */
const MISSED_KEPT_AT_LEAST = 100;

/** The room of one of a stage's intervals, when `kept` samples of what ended ok are to be kept of all of them together. */
export function sampleRoom(interval: number, intervals: number, kept: number): SampleRoom {
  return {
    served: shareOf(interval, intervals, kept),
    missed: Math.max(MISSED_KEPT_AT_LEAST, shareOf(interval, intervals, MISSED_KEPT)),
  };
}

/** Shares of all intervals together are exactly the whole. */
function shareOf(interval: number, intervals: number, whole: number): number {
  return Math.floor((whole * (interval + 1)) / intervals) - Math.floor((whole * interval) / intervals);
}
