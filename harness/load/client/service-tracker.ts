import type { Micros } from "../../model/clock.ts";
import type { Sample } from "../../model/sample.ts";

/**
 * Follows one probe while it runs and tells when its service came back. Judged by intended starts, as the metric
 * `write-unavailability` is: operations that were due before the first lasting success and time out after it
 * belong to the outage. Says nothing about a stretch before every operation intended in it has been reported,
 * which a time-out makes up to a second later. What the client itself never sent counts as unserved here: the wait for
 * service goes on until service was seen for as long as it has to last, also when the client stood still meanwhile.
 * Only the newest operations are remembered, so that it needs as much memory after a day as after an hour: asked about a
 * time before these, it answers from the oldest of them on.
 */
export class ServiceTracker {
  readonly #timeoutUs: Micros;
  readonly #remembered: number;
  /** By (id - 1) % remembered. NaN: not reported yet. */
  readonly #intendedUs: Float64Array;
  /** End of the operation when it was served; NaN when it was not. */
  readonly #servedUs: Float64Array;
  /** Operations up to the newest one that was reported. */
  #begun = 0;
  #knownToUs: Micros = 0;

  /** `remembered`: operations; 20 minutes of a probe of 100 per second. */
  constructor(timeoutMs: number, remembered = 2 ** 17) {
    this.#timeoutUs = timeoutMs * 1000;
    this.#remembered = remembered;
    this.#intendedUs = new Float64Array(remembered).fill(NaN);
    this.#servedUs = new Float64Array(remembered).fill(NaN);
  }

  add(samples: readonly Sample[], knownToUs: Micros): void {
    for (const { id, intendedUs, endUs, outcome } of samples) {
      if (id > this.#begun) this.#begin(id);
      if (id <= this.#oldest) continue;
      const served = outcome === "ok" && endUs - intendedUs <= this.#timeoutUs;
      this.#intendedUs[(id - 1) % this.#remembered] = intendedUs;
      this.#servedUs[(id - 1) % this.#remembered] = served ? endUs : NaN;
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
    for (let index = this.#firstSince(sinceUs); index < this.#begun; index += 1) {
      const intendedUs = this.#intendedAt(index);
      if (!(intendedUs < this.#knownToUs) || intendedUs > successUs + lastingUs) break;
      const endUs = this.#servedAt(index);
      successUs = Number.isNaN(endUs) ? Infinity : Math.min(successUs, endUs);
    }
    return successUs + lastingUs < this.#knownToUs ? successUs : null;
  }

  /** Is the newest known operation served? null before there is one. */
  get servedNow(): boolean | null {
    for (let index = this.#begun - 1; index >= this.#oldest; index -= 1) {
      if (this.#intendedAt(index) < this.#knownToUs) return !Number.isNaN(this.#servedAt(index));
    }
    return null;
  }

  /** Searched from the end: what is asked for is never long ago. */
  #firstSince(sinceUs: Micros): number {
    let index = this.#begun;
    while (index > this.#oldest && !(this.#intendedAt(index - 1) < sinceUs)) index -= 1;
    return index;
  }

  /** Index (id - 1) of the oldest operation that is remembered. */
  get #oldest(): number {
    return Math.max(0, this.#begun - this.#remembered);
  }

  /** Makes room up to the operation of this id. */
  #begin(id: number): void {
    for (let index = Math.max(this.#begun, id - this.#remembered); index < id; index += 1) {
      this.#intendedUs[index % this.#remembered] = NaN;
      this.#servedUs[index % this.#remembered] = NaN;
    }
    this.#begun = id;
  }

  #intendedAt(index: number): Micros {
    return this.#intendedUs[index % this.#remembered] ?? NaN;
  }

  #servedAt(index: number): Micros {
    return this.#servedUs[index % this.#remembered] ?? NaN;
  }
}
