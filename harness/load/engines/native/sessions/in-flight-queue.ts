import type { InFlight } from "./in-flight.ts";

/** Operations in flight that wait, first come first served. One can be taken out of the middle. */
export class InFlightQueue {
  #allInFlight: (InFlight | null)[] = [];
  #head = 0;
  length = 0;

  push(inFlight: InFlight): void {
    this.#allInFlight.push(inFlight);
    this.length += 1;
  }

  shift(): InFlight | null {
    while (this.#head < this.#allInFlight.length) {
      const inFlight = this.#allInFlight[this.#head] ?? null;
      this.#allInFlight[this.#head++] = null;
      if (this.#head === this.#allInFlight.length) {
        this.#allInFlight = [];
        this.#head = 0;
      } else if (this.#head > 1024 && this.#head * 2 > this.#allInFlight.length) {
        this.#allInFlight = this.#allInFlight.slice(this.#head);
        this.#head = 0;
      }
      if (inFlight !== null) {
        this.length -= 1;
        return inFlight;
      }
    }
    return null;
  }

  /** Those that are taken out early are nearly always the oldest: the search ends at once. */
  remove(inFlight: InFlight): boolean {
    const index = this.#allInFlight.indexOf(inFlight, this.#head);
    if (index === -1) return false;
    this.#allInFlight[index] = null;
    this.length -= 1;
    return true;
  }
}
