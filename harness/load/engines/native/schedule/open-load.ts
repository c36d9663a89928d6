import type { Micros } from "../../../../model/clock.ts";
import type { OpenSchedule } from "./open-schedule.ts";
import type { Begin, LoadSource } from "../sender.ts";

/** Begins operations when the schedule says so, whatever became of earlier ones, all in this thread. */
export class OpenLoad implements LoadSource {
  readonly isOpen = true;
  readonly #schedule: OpenSchedule;
  readonly #startedUs: Micros;
  readonly #nowUs: () => Micros;
  readonly #begin: Begin;
  #stopped = false;

  constructor(options: {
    /** From `startedUs` on. */
    readonly schedule: OpenSchedule;
    readonly startedUs: Micros;
    readonly nowUs: () => Micros;
    readonly begin: Begin;
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
      this.#begin(NO_CLIENT, number, intendedUs, nowUs);
    }
  }

  /** Whether something has become due meanwhile. */
  completed(_client: number, nowUs: Micros): boolean {
    return nowUs >= this.nextDueUs;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Intended start of what begins next: everything before it has begun. */
  get nextDueUs(): Micros {
    return this.#stopped ? Infinity : this.#startedUs + this.#schedule.dueUs;
  }

  get done(): boolean {
    return this.nextDueUs === Infinity;
  }
}

const NO_CLIENT = -1;
