import type { Micros } from "../../../../model/clock.ts";
import type { OpenSchedule } from "./open-schedule.ts";
import type { Paced } from "./pace.ts";

/** Begins operations when the schedule says so, whatever became of earlier ones. */
export class OpenLoad implements Paced {
  readonly #schedule: OpenSchedule;
  readonly #nowUs: () => Micros;
  readonly #begin: (number: number, intendedUs: Micros, nowUs: Micros) => void;
  #stopped = false;

  constructor(options: {
    /** On the engine's clock. */
    readonly schedule: OpenSchedule;
    readonly nowUs: () => Micros;
    readonly begin: (number: number, intendedUs: Micros, nowUs: Micros) => void;
  }) {
    this.#schedule = options.schedule;
    this.#nowUs = options.nowUs;
    this.#begin = options.begin;
  }

  beginDue(): Micros {
    const schedule = this.#schedule;
    if (this.#stopped) return Infinity;
    for (;;) {
      const intendedUs = schedule.dueUs;
      if (intendedUs === Infinity) return Infinity;
      const nowUs = this.#nowUs();
      if (intendedUs > nowUs) return intendedUs;
      const { number } = schedule;
      schedule.advance();
      this.#begin(number, intendedUs, nowUs);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Intended start of what begins next: everything before it has begun. */
  get nextDueUs(): Micros {
    return this.#stopped ? Infinity : this.#schedule.dueUs;
  }

  get done(): boolean {
    return this.nextDueUs === Infinity;
  }
}
