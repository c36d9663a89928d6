import type { Clock, Micros } from "../model/clock.ts";

/** Another process's clock minus ours, and how far off that may be. Microseconds. */
export interface ClockOffset {
  readonly offsetUs: number;
  readonly uncertaintyUs: number;
}

/**
 * Asks for the other clock several times and believes the quickest answer (Cristian's algorithm): its reading was
 * taken within that round trip, so the offset that follows from its middle is off by half the round trip at most. An
 * offset no larger than that cannot be told from none, and is taken as 0: containers of one kernel share
 * CLOCK_MONOTONIC.
 */
export async function estimateOffset(
  times: number,
  ask: () => Promise<Micros>,
  clock: Pick<Clock, "nowUs">,
): Promise<ClockOffset> {
  let best = { offsetUs: 0, roundTripUs: Infinity };
  for (let count = 0; count < times; count += 1) {
    const sentUs = clock.nowUs();
    const theirsUs = await ask();
    const receivedUs = clock.nowUs();
    const roundTripUs = receivedUs - sentUs;
    if (roundTripUs < best.roundTripUs) {
      best = { offsetUs: Math.round(theirsUs - (sentUs + receivedUs) / 2), roundTripUs };
    }
  }
  const { offsetUs, roundTripUs } = best;
  const uncertaintyUs = Math.ceil(roundTripUs / 2);
  return { offsetUs: Math.abs(offsetUs) > uncertaintyUs ? offsetUs : 0, uncertaintyUs };
}
