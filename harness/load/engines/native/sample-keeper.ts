import type { Micros } from "../../../model/clock.ts";
import type { Outcome } from "../../../model/sample.ts";
import type { Random } from "../../../model/workload.ts";
import type { SampleRow } from "../../sample-row.ts";
import type { Flight } from "./flight.ts";

/** Failures of one kind of operation that are kept in one stage by one agent; more are counted only. */
const FAILURES_KEPT = 10_000;

/**
 * Raw samples of one kind of operation: a uniform choice within each interval (a reservoir: Vitter, "Random sampling
 * with a reservoir", algorithm R), so that what was chosen can be handed on every second and survives the agent; and
 * all failures up to a bound.
 */
export class SampleKeeper {
  readonly #random: Random;
  /** Of intervals that have ended. */
  #kept: SampleRow[] = [];
  #chosen: SampleRow[] = [];
  #failures: SampleRow[] = [];
  #seen = 0;
  #room = 0;
  #failuresLeft = FAILURES_KEPT;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next interval begins; how many of its operations may be kept. */
  begin(room: number): void {
    this.#kept.push(...this.#chosen);
    this.#chosen = [];
    this.#room = room;
    this.#seen = 0;
  }

  /** An operation that ended ok. */
  offer(flight: Flight, nowUs: Micros): void {
    this.#seen += 1;
    const place =
      this.#chosen.length < this.#room ? this.#chosen.length : Math.floor(this.#random() * this.#seen);
    if (place < this.#room) this.#chosen[place] = rowOf(flight, nowUs, "ok", null);
  }

  failed(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): void {
    if (this.#failuresLeft <= 0) return;
    this.#failuresLeft -= 1;
    this.#failures.push(rowOf(flight, nowUs, outcome, code));
  }

  /** What was kept of intervals that have ended and all failures since the last call, in order of intended start. */
  take(): readonly SampleRow[] {
    const rows = [...this.#kept, ...this.#failures].sort((one, other) => one[1] - other[1]);
    this.#kept = [];
    this.#failures = [];
    return rows;
  }
}

function rowOf(flight: Flight, nowUs: Micros, outcome: Outcome, code: string | null): SampleRow {
  const { id, intendedUs, startUs, sentUs } = flight;
  const startedUs = sentUs < 0 ? nowUs : startUs;
  return [id, Math.round(intendedUs), Math.round(startedUs), Math.round(nowUs), outcome, code];
}

/** How many samples an interval may keep so that all intervals together keep exactly `kept`. */
export function roomOf(interval: number, intervals: number, kept: number): number {
  return Math.floor((kept * (interval + 1)) / intervals) - Math.floor((kept * interval) / intervals);
}
