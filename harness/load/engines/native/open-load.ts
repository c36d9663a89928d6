import type { Micros } from "../../../model/clock.ts";
import type { OpenSchedule } from "./open-schedule.ts";
import type { Paced } from "./pace.ts";

/** Begins operations when the schedule says so, whatever became of earlier ones. */
export class OpenLoad implements Paced {
  readonly #schedule: OpenSchedule;
  readonly #startedUs: Micros;
  readonly #nowUs: () => Micros;
  readonly #begin: (number: number, intendedUs: Micros, nowUs: Micros) => void;
  #stopped = false;

  constructor(options: {
    readonly schedule: OpenSchedule;
    readonly startedUs: Micros;
    readonly nowUs: () => Micros;
    readonly begin: (number: number, intendedUs: Micros, nowUs: Micros) => void;
  }) {
    this.#schedule = options.schedule;
    this.#startedUs = options.startedUs;
    this.#nowUs = options.nowUs;
    this.#begin = options.begin;
  }

  beginDue(): Micros {
    const schedule = this.#schedule;
    if (this.#stopped) return Infinity;
    for (;;) {
      const intendedUs = this.#startedUs + schedule.dueUs;
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

  get done(): boolean {
    return this.#stopped || this.#schedule.dueUs === Infinity;
  }
}
