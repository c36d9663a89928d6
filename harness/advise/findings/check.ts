import type { EffectiveTiming, Finding } from "../../model/advice.ts";
import type { Topology } from "../../model/topology.ts";

/** One static check: a finding where it applies, null where it does not (or the topology lacks the component). */
export type Check = (topology: Topology, timing: EffectiveTiming | null) => Finding | null;
