import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../model/clock.ts";

/** The real clock: the recording's time begins when this is called. */
export function systemClock(): Clock & { readonly epochNs: bigint } {
  const epochNs = process.hrtime.bigint();
  return {
    epochNs,
    nowUs: () => Number((process.hrtime.bigint() - epochNs) / 1000n),
    wallTime: () => new Date(),
    sleep: async (ms, signal) => {
      try {
        await delay(ms, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        throw signal?.aborted === true ? signal.reason : error;
      }
    },
  };
}
