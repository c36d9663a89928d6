import { predictBand } from "../predict-band.ts";
import type { Check } from "./check.ts";
import { formatSeconds } from "../../model/format-value.ts";

/** D2: the shipped 30/10/10 are Patroni's defaults, made for networks that stutter, not for short outages. */
export const shippedTiming: Check = (topology, timing) => {
  const { ttl, loopWait, retryTimeout } = topology.patroni;
  if (timing === null || topology.coordinators.members < 2) return null;
  if (ttl < 30 || loopWait < 10 || retryTimeout < 10) return null;
  const { lowSeconds, highSeconds } = predictBand(topology, timing, { name: "", failureClass: "node-loss" });
  return {
    id: "D2",
    severity: "impossible",
    title: "The shipped Patroni timing takes three to five times the promised failover",
    claim:
      "Coordinator failover < 10 s, shipped with ttl 30, loop_wait 10, retry_timeout 10 (Architecture Overview, T1).",
    truth:
      `With ttl ${ttl} s, loop_wait ${loopWait} s and retry_timeout ${retryTimeout} s the loss of a node takes ` +
      `${formatSeconds(lowSeconds)} to ${formatSeconds(highSeconds)} for clients (published models of these defaults: 22-46 s).`,
    mend: "Set ttl 20, loop_wait 1, retry_timeout 3 with patronictl edit-config: the smallest that Patroni accepts.",
    source: "Patroni manual, Dynamic configuration settings; the terms of the predicted band.",
  };
};
