import type { Micros } from "../../../../model/clock.ts";
import type { Flight, FlightList } from "./flight.ts";

/**
 * The flights with one time-out, in the order of their intended starts, which is that of their deadlines: a doubly
 * linked list through the flights themselves, so that adding and removing cost nothing to speak of, and no timer per
 * operation is needed.
 */
export class Deadlines implements FlightList {
  first: Flight | null = null;
  length = 0;
  #last: Flight | null = null;

  add(flight: Flight): void {
    flight.earlier = this.#last;
    flight.later = null;
    this.length += 1;
    if (this.#last === null) this.first = flight;
    else this.#last.later = flight;
    this.#last = flight;
  }

  remove(flight: Flight): void {
    this.length -= 1;
    if (flight.earlier === null) this.first = flight.later;
    else flight.earlier.later = flight.later;
    if (flight.later === null) this.#last = flight.earlier;
    else flight.later.earlier = flight.earlier;
    flight.earlier = null;
    flight.later = null;
  }

  passed(nowUs: Micros): Flight | null {
    return this.first !== null && this.first.deadlineUs <= nowUs ? this.first : null;
  }
}
