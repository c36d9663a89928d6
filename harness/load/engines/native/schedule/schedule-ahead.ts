import type { Micros } from "../../../../model/clock.ts";
import type { OpenSchedule } from "./open-schedule.ts";

/** Moments that are known ahead at most; a power of two. */
const ROOM = 1024;

/** What a second thread is shown of a schedule: see schedule-sleeper.ts. */
export interface SharedSchedule {
  /** Moments, in rings: microseconds of the engine's clock. */
  readonly moments: SharedArrayBuffer;
  /** Int32: [0] moments written so far, [1] operations begun so far, [2] wake-ups, [3] 1: stopped. */
  readonly counters: SharedArrayBuffer;
}

/**
 * A schedule drawn somewhat ahead of time, so that a thread that sleeps for this one can see the next moments by itself
 * and need not be told of each.
 */
export class ScheduleAhead implements OpenSchedule {
  readonly shared: SharedSchedule = {
    moments: new SharedArrayBuffer(8 * ROOM),
    counters: new SharedArrayBuffer(16),
  };
  readonly #schedule: OpenSchedule;
  readonly #startedUs: Micros;
  readonly #moments = new Float64Array(this.shared.moments);
  readonly #counters = new Int32Array(this.shared.counters);
  readonly #numbers = new Float64Array(ROOM);
  #begun = 0;
  #written = 0;

  constructor(schedule: OpenSchedule, startedUs: Micros) {
    this.#schedule = schedule;
    this.#startedUs = startedUs;
    this.#fill();
  }

  get number(): number {
    return this.#numbers[this.#begun % ROOM] ?? 0;
  }

  /** On the engine's clock. */
  get dueUs(): Micros {
    return this.#begun < this.#written ? (this.#moments[this.#begun % ROOM] ?? Infinity) : Infinity;
  }

  advance(): void {
    this.#begun += 1;
    Atomics.store(this.#counters, 1, this.#begun);
    if (this.#written - this.#begun < ROOM / 2) this.#fill();
  }

  #fill(): void {
    const before = this.#written;
    while (this.#written - this.#begun < ROOM && this.#schedule.dueUs !== Infinity) {
      this.#moments[this.#written % ROOM] = this.#startedUs + this.#schedule.dueUs;
      this.#numbers[this.#written % ROOM] = this.#schedule.number;
      this.#written += 1;
      this.#schedule.advance();
    }
    if (this.#written === before) return;
    Atomics.store(this.#counters, 0, this.#written);
    Atomics.notify(this.#counters, 0);
  }
}
