import type { Micros } from "../../../../model/clock.ts";
import type { InFlight, InFlightList } from "./in-flight.ts";

/**
 * The operations with one time-out, in the order of their intended starts, which is that of their deadlines: a doubly
 * linked list through the operations themselves, so that adding and removing cost nothing to speak of, and no timer per
 * operation is needed.
 */
export class Deadlines implements InFlightList {
  first: InFlight | null = null;
  length = 0;
  #last: InFlight | null = null;

  add(inFlight: InFlight): void {
    inFlight.earlier = this.#last;
    inFlight.later = null;
    this.length += 1;
    if (this.#last === null) this.first = inFlight;
    else this.#last.later = inFlight;
    this.#last = inFlight;
  }

  remove(inFlight: InFlight): void {
    this.length -= 1;
    if (inFlight.earlier === null) this.first = inFlight.later;
    else inFlight.earlier.later = inFlight.later;
    if (inFlight.later === null) this.#last = inFlight.earlier;
    else inFlight.later.earlier = inFlight.earlier;
    inFlight.earlier = null;
    inFlight.later = null;
  }

  passed(nowUs: Micros): InFlight | null {
    return this.first !== null && this.first.deadlineUs <= nowUs ? this.first : null;
  }
}
