import { circuitSeconds } from "../terms/health-check.ts";
import type { Check } from "./check.ts";
import { formatSeconds } from "../../model/format-value.ts";

/** B9 of the Architecture Overview: every 2 s, three failures. Seconds. */
const promisedSeconds = 6;

/** D13: "interval x failures" forgets that a check of a server that hangs takes its whole time-out to fail. */
export const hangingServer: Check = ({ haproxy }) => {
  if (!haproxy.enabled) return null;
  const { refusing, hanging } = circuitSeconds(haproxy);
  if (hanging.high <= promisedSeconds) return null;
  const { interMs, fastinterMs, fall } = haproxy;
  const inter = interMs / 1000;
  // What is left of the promise for the time-outs and the wait for the first check, to a tenth of a second below.
  const shorter = Math.floor((promisedSeconds * 1000 - (fall - 1) * fastinterMs) / (fall + 1) / 100) * 100;
  return {
    id: "D13",
    severity: hanging.low > promisedSeconds ? "impossible" : "risk",
    title: "A server that hangs is marked down later than interval x failures",
    claim:
      "Health check every 2 s, 3 failures open the circuit: a failed server is out within 6 s (Architecture Overview, " +
      "HAProxy: S1, B9).",
    truth:
      `True of a server that refuses: out within ${formatSeconds(refusing.high)}. One that takes the connection and answers nothing ` +
      `fails each check only by its time-out, which is inter ${formatSeconds(inter)} (no \`timeout check\` is set; fastinter ` +
      `${fastinterMs} ms shortens the pauses, not the time-outs): up to ${formatSeconds(inter)} until a check begins, fall ${fall} x ` +
      `${formatSeconds(inter)} of time-outs and ${fall - 1} pauses make ${formatSeconds(hanging.low)} to ${formatSeconds(hanging.high)} (measured ` +
      "with inter 2 s, fastinter 250 ms: 7.0 s).",
    mend:
      (shorter > 0
        ? `Set haproxy.interMs to at most ${shorter}: it is the time-out of a check too, and 6 s are then kept`
        : "Shorten haproxy.fastinterMs and haproxy.interMs, which is the time-out of a check too") +
      `; or promise ${Math.ceil(hanging.high)} s for a server that hangs.`,
    source:
      "HAProxy 3.0 configuration manual, 4.2: timeout check, 5.2: inter, fastinter, fall; src/tcpcheck.c, tcpcheck_eval_connect.",
  };
};
