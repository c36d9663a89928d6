import type { Micros } from "../../../model/clock.ts";

interface UsageReading {
  readonly atUs: Micros;
  /** Since the process began. */
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

/** Readings of what a process used, from which any stretch of time can be asked. */
export class UsageReadings {
  readonly #readings: UsageReading[] = [];
  readonly #startedUs: Micros;

  constructor(startedUs: Micros) {
    this.#startedUs = startedUs;
  }

  add(reading: UsageReading): void {
    this.#readings.push(reading);
  }

  /** Between the readings nearest to both ends; zero CPU where there are no two. */
  within({ fromUs, toUs }: { readonly fromUs: Micros; readonly toUs: Micros }): {
    readonly cpuCores: number;
    readonly memoryMb: number;
  } {
    const from = this.#nearest(Math.max(fromUs, this.#startedUs));
    const to = this.#nearest(toUs);
    const seconds = ((to?.atUs ?? 0) - (from?.atUs ?? 0)) / 1e6;
    return {
      cpuCores: seconds > 0 ? ((to?.cpuSeconds ?? 0) - (from?.cpuSeconds ?? 0)) / seconds : 0,
      // A process that has just ended has none left.
      memoryMb: Math.max(from?.memoryMb ?? 0, to?.memoryMb ?? 0),
    };
  }

  #nearest(atUs: Micros): UsageReading | undefined {
    let best: UsageReading | undefined;
    for (const reading of this.#readings)
      if (best === undefined || Math.abs(reading.atUs - atUs) < Math.abs(best.atUs - atUs)) best = reading;
    return best;
  }
}
