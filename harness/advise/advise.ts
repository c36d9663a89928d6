import type { Advice, PredictedBand } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { VictimSelector } from "../model/scenario.ts";
import type { Topology } from "../model/topology.ts";
import { possibleRoles } from "../model/victim-role.ts";
import { effectiveTiming } from "./effective-timing.ts";
import { findings } from "./findings/catalogue.ts";
import { predictBands } from "./predict-band.ts";

/** A fault of a scenario, and whom it hits. */
export interface AdvisedStep {
  readonly fault: FaultDescription;
  readonly victim: VictimSelector;
}

/**
 * What can be said of a topology before it runs: the timing that Patroni will really use, what each fault will cost by
 * what its victim may turn out to be, and what the configuration's author believes and is not so. Bands exist only where
 * another coordinator can take over, and speak of the coordinators, which the probes write to.
 */
export function advise(topology: Topology, steps: readonly AdvisedStep[]): Advice {
  const timing = topology.etcd.members > 0 ? effectiveTiming(topology.patroni) : null;
  const faults = [...new Map(steps.map(({ fault }) => [fault.name, fault])).values()];
  const bandsOf = (fault: FaultDescription): PredictedBand[] => {
    if (timing === null || topology.coordinators.members < 2) return [];
    const victims = steps.filter((step) => step.fault.name === fault.name).map(({ victim }) => victim);
    const roles = new Set(victims.flatMap((victim) => possibleRoles(victim, topology, fault.failureClass)));
    return predictBands(topology, timing, fault, [...roles]);
  };
  return { timing, bands: faults.flatMap(bandsOf), findings: findings(topology, timing) };
}
