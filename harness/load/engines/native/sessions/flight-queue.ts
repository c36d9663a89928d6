import type { Flight } from "./flight.ts";

/** Flights that wait, first come first served. One can be taken out of the middle. */
export class FlightQueue {
  #flights: (Flight | null)[] = [];
  #head = 0;
  length = 0;

  push(flight: Flight): void {
    this.#flights.push(flight);
    this.length += 1;
  }

  shift(): Flight | null {
    while (this.#head < this.#flights.length) {
      const flight = this.#flights[this.#head] ?? null;
      this.#flights[this.#head++] = null;
      if (this.#head === this.#flights.length) {
        this.#flights = [];
        this.#head = 0;
      } else if (this.#head > 1024 && this.#head * 2 > this.#flights.length) {
        this.#flights = this.#flights.slice(this.#head);
        this.#head = 0;
      }
      if (flight !== null) {
        this.length -= 1;
        return flight;
      }
    }
    return null;
  }

  /** Those that are taken out early are nearly always the oldest: the search ends at once. */
  remove(flight: Flight): boolean {
    const index = this.#flights.indexOf(flight, this.#head);
    if (index === -1) return false;
    this.#flights[index] = null;
    this.length -= 1;
    return true;
  }
}
