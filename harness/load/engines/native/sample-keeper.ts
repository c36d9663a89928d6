import type { Random } from "../../../model/workload.ts";
import type { SampleRow } from "../../agent-protocol.ts";

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

  /** Where to put one more operation's row; -1: it is not chosen. */
  place(): number {
    this.#seen += 1;
    if (this.#chosen.length < this.#room) return this.#chosen.length;
    if (this.#room === 0) return -1;
    const place = Math.floor(this.#random() * this.#seen);
    return place < this.#room ? place : -1;
  }

  put(place: number, row: SampleRow): void {
    this.#chosen[place] = row;
  }

  failed(row: SampleRow): void {
    if (this.#failuresLeft <= 0) return;
    this.#failuresLeft -= 1;
    this.#failures.push(row);
  }

  /** What was kept of intervals that have ended and all failures since the last call, in order of intended start. */
  take(): readonly SampleRow[] {
    const rows = [...this.#kept, ...this.#failures].sort((one, other) => one[1] - other[1]);
    this.#kept = [];
    this.#failures = [];
    return rows;
  }
}

/** How many samples an interval may keep so that all intervals together keep exactly `kept`. */
export function roomOf(interval: number, intervals: number, kept: number): number {
  return Math.floor((kept * (interval + 1)) / intervals) - Math.floor((kept * interval) / intervals);
}
