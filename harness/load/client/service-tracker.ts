import type { Micros } from "../../model/clock.ts";
import type { Sample } from "../../model/sample.ts";

/**
 * Follows one probe while it runs and tells when its service came back. Judged by intended starts, as the metric
 * `write-unavailability` is: operations that were due before the first lasting success and time out after it
 * belong to the outage. Says nothing about a stretch before every operation intended in it has been reported,
 * which a time-out makes up to a second later. What the client itself never sent counts as unserved here: the wait for
 * service goes on until service was seen for as long as it has to last, also when the client stood still meanwhile.
 */
export class ServiceTracker {
  readonly #timeoutUs: Micros;
  /** By id - 1. NaN: not reported yet. */
  readonly #intendedUs: number[] = [];
  /** End of the operation when it was served; NaN when it was not. */
  readonly #servedUs: number[] = [];
  #knownToUs: Micros = 0;

  constructor(timeoutMs: number) {
    this.#timeoutUs = timeoutMs * 1000;
  }

  add(samples: readonly Sample[], knownToUs: Micros): void {
    for (const { id, intendedUs, endUs, outcome } of samples) {
      const served = outcome === "ok" && endUs - intendedUs <= this.#timeoutUs;
      this.#intendedUs[id - 1] = intendedUs;
      this.#servedUs[id - 1] = served ? endUs : NaN;
    }
    this.#knownToUs = Math.max(this.#knownToUs, knownToUs);
  }

  /**
   * End of the first success that lasted, among the operations intended at or after `sinceUs`: nothing unserved was
   * intended after it began to be awaited and up to `lastingUs` after its end. null: not yet, as far as is known.
   * The same rule as measure/find-episodes.ts, applied to what is known so far.
   */
  servedSince(sinceUs: Micros, lastingUs: Micros): Micros | null {
    let successUs = Infinity;
    for (let index = this.#firstSince(sinceUs); index < this.#intendedUs.length; index += 1) {
      const intendedUs = this.#intendedUs[index] ?? NaN;
      if (!(intendedUs < this.#knownToUs) || intendedUs > successUs + lastingUs) break;
      const endUs = this.#servedUs[index] ?? NaN;
      successUs = Number.isNaN(endUs) ? Infinity : Math.min(successUs, endUs);
    }
    return successUs + lastingUs < this.#knownToUs ? successUs : null;
  }

  /** Is the newest known operation served? null before there is one. */
  get servedNow(): boolean | null {
    for (let index = this.#intendedUs.length - 1; index >= 0; index -= 1) {
      if ((this.#intendedUs[index] ?? NaN) < this.#knownToUs)
        return !Number.isNaN(this.#servedUs[index] ?? NaN);
    }
    return null;
  }

  /** Searched from the end: what is asked for is never long ago. */
  #firstSince(sinceUs: Micros): number {
    let index = this.#intendedUs.length;
    while (index > 0 && !((this.#intendedUs[index - 1] ?? NaN) < sinceUs)) index -= 1;
    return index;
  }
}
