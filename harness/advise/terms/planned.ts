import type { BandTerm, EffectiveTiming } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";
import { oldPrimaryTerm, promotionTerm, proxyUpTerm } from "./shared-terms.ts";

/** A switchover: the leader stops PostgreSQL cleanly, gives its key up, and a replica that knows of it takes over. */
export function plannedTerms(
  topology: Topology,
  { loopWait }: EffectiveTiming,
  lastTerms: readonly BandTerm[],
): BandTerm[] {
  const path: BandTerm[] = [
    {
      name: "the old primary stops",
      lowSeconds: 0.1,
      highSeconds: 2,
      because:
        "A checkpoint while connections still work, then a fast shutdown that waits until the replica has received all " +
        "WAL (Patroni 4.0, patroni/ha.py, demote: graceful; a large shared_buffers takes longer).",
    },
    {
      name: "the replica takes the key",
      lowSeconds: 0,
      highSeconds: loopWait,
      because: `At once when its watch on the leader key wakes it, else within loop_wait ${loopWait} s.`,
    },
    promotionTerm,
    ...proxyUpTerm(topology),
  ];
  return [...path, ...oldPrimaryTerm(topology, path), ...lastTerms];
}
