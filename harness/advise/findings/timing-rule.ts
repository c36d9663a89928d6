import type { Check } from "./check.ts";

/** Settings that Patroni will not run with: what stands in the file is not what happens. */
export const timingRule: Check = ({ patroni }, timing) => {
  if (timing === null || timing.adjusted.length === 0) return null;
  return {
    id: "PATRONI-TIMING",
    severity: "risk",
    title: "Patroni will not run with the timing that is set",
    claim: `ttl ${patroni.ttl} s, loop_wait ${patroni.loopWait} s, retry_timeout ${patroni.retryTimeout} s are set.`,
    truth:
      `It runs with ttl ${timing.ttl} s, loop_wait ${timing.loopWait} s, retry_timeout ${timing.retryTimeout} s, and ` +
      `says so only in its log. ${timing.adjusted.join(" ")}`,
    mend: "Set what it will run with: ttl >= 20, retry_timeout >= 3, loop_wait >= 1, loop_wait + 2 * retry_timeout <= ttl.",
    source: "Patroni 4.0, patroni/config.py, _validate_and_adjust_timeouts; release notes of 3.2.0.",
  };
};
