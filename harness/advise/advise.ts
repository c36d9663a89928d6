import type { Advice, PredictedBand, VictimRole } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import { possibleRoles } from "../model/victim-role.ts";
import type { VictimSelector } from "../model/victim-selector.ts";
import { effectiveTiming } from "./effective-timing.ts";
import { findings } from "./findings/catalogue.ts";
import { sumOfThousandths } from "../stats/sum.ts";
import { predictBands } from "./predict-band.ts";
import { pgAutoFailoverTerms } from "./terms/pg-auto-failover.ts";

/** A fault of a scenario, and whom it hits. */
export interface AdvisedStep {
  readonly fault: FaultDescription;
  readonly victim: VictimSelector;
  readonly healAfterSeconds?: number | undefined;
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
    if (topology.pgAutoFailover.enabled) return bandsOfPgAutoFailover(topology, fault, steps);
    if (timing === null || topology.coordinators.members < 2) return [];
    const healed = new Map<VictimRole, number>();
    for (const { victim, healAfterSeconds = Infinity } of steps.filter(
      (step) => step.fault.name === fault.name,
    ))
      for (const role of possibleRoles(victim, topology, fault.failureClass))
        healed.set(role, Math.max(healed.get(role) ?? 0, healAfterSeconds));
    return predictBands(topology, timing, fault, [...healed.keys()], (role) => finite(healed.get(role)));
  };
  return { timing, bands: faults.flatMap(bandsOf), findings: findings(topology, timing) };
}

/** Of writes when the coordinators' primary is hit: nothing is predicted of what else there is. */
function bandsOfPgAutoFailover(
  topology: Topology,
  fault: FaultDescription,
  steps: readonly AdvisedStep[],
): PredictedBand[] {
  const terms = pgAutoFailoverTerms(topology, fault.failureClass);
  const hitsPrimary = steps.some(
    (step) =>
      step.fault.name === fault.name &&
      possibleRoles(step.victim, topology, fault.failureClass).includes("primary"),
  );
  if (terms.length === 0 || !hitsPrimary || topology.coordinators.members < 3) return [];
  return [
    {
      metric: "write-unavailability",
      fault: fault.name,
      failureClass: fault.failureClass,
      roles: ["primary"],
      lowSeconds: sumOfThousandths(terms.map(({ lowSeconds }) => lowSeconds)),
      highSeconds: sumOfThousandths(terms.map(({ highSeconds }) => highSeconds)),
      terms,
    },
  ];
}

/** Of several that are healed after a time the longest counts; of one that is not, nothing is known. */
function finite(seconds: number | undefined): number | undefined {
  return seconds === Infinity ? undefined : seconds;
}
