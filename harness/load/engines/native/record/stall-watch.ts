import type { Micros } from "../../../../model/clock.ts";

/**
 * Later than this a sender that sweeps at intervals has stood still. Timers are up to 2 ms late by themselves, and threads
 * that share a core take turns of 3 to 4 ms; 10 ms is a latency that is promised (T3).
 */
const STOOD_STILL_US = 10_000;

/**
 * After a stall an open load has a line of its own making. At nine tenths of what the cluster can do, that is worked off
 * in nine times the stall; a line that lasts longer than ten times is the rate's.
 */
const CATCHING_UP = 10;

interface Stall {
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/**
 * Notes the stretches in which the sender stood still: a frozen container, a processor that others use, a long collection
 * of garbage. It is told every moment at which the sender reads its clock, which is at each sweep at least, for each
 * operation that begins, and for each answer before it is counted: after a stall the answers may be read before any timer
 * fires. A stall begins with the last look before it, so it is as long as it can have been.
 */
export class StallWatch {
  readonly #longestGapUs: number;
  /** That were not told of yet, oldest first. */
  readonly #stalls: Stall[] = [];
  #last: Stall = { fromUs: -Infinity, toUs: -Infinity };
  #seenUs: Micros;
  #catchUpUntilUs = -Infinity;
  /** When the last stall was over. */
  endedUs: Micros = -Infinity;
  /** All stalls so far. What has passed between two readings of it is what was stood still between them. */
  totalUs = 0;

  constructor(nowUs: Micros, sweepEveryUs: number) {
    this.#seenUs = nowUs;
    this.#longestGapUs = sweepEveryUs + STOOD_STILL_US;
  }

  /** The sender looks at its clock. Whether it has stood still until now. */
  see(nowUs: Micros): boolean {
    const fromUs = this.#seenUs;
    if (nowUs <= fromUs) return false;
    this.#seenUs = nowUs;
    if (nowUs - fromUs <= this.#longestGapUs) return false;
    this.#last = { fromUs, toUs: nowUs };
    this.#stalls.push(this.#last);
    this.totalUs += nowUs - fromUs;
    this.endedUs = nowUs;
    this.#catchUpUntilUs = Math.max(this.#catchUpUntilUs, nowUs + CATCHING_UP * (nowUs - fromUs));
    return true;
  }

  /** What `totalUs` would have been at a moment of the last stall, or after it. */
  totalUsAt(us: Micros): number {
    const { fromUs, toUs } = this.#last;
    return us >= toUs ? this.totalUs : this.totalUs - (toUs - Math.max(us, fromUs));
  }

  /** Whether a line may still be that of a stall. */
  catchingUp(nowUs: Micros): boolean {
    return nowUs <= this.#catchUpUntilUs;
  }

  /** There is no line any more. */
  caughtUp(): void {
    this.#catchUpUntilUs = -Infinity;
  }

  /** How long it stood still between these, of what was not told yet. Asked in the order of time. */
  takeWithin(fromUs: Micros, toUs: Micros): number {
    let stoodUs = 0;
    while (this.#stalls[0] !== undefined && this.#stalls[0].fromUs < toUs) {
      const stall = this.#stalls[0];
      stoodUs += Math.max(0, Math.min(stall.toUs, toUs) - Math.max(stall.fromUs, fromUs));
      if (stall.toUs <= toUs) this.#stalls.shift();
      else this.#stalls[0] = { fromUs: toUs, toUs: stall.toUs };
    }
    return stoodUs;
  }
}
