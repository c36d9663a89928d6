import type { Advice } from "../model/advice.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Topology } from "../model/topology.ts";
import { effectiveTiming } from "./effective-timing.ts";
import { findings } from "./findings/catalogue.ts";
import { predictBand } from "./predict-band.ts";

/**
 * What can be said of a topology before it runs: the timing that Patroni will really use, how long each fault will
 * take the coordinators' primary away from writers, and what the configuration's author believes and is not so.
 * Bands exist only where another coordinator can take over.
 */
export function advise(topology: Topology, faults: readonly FaultDescription[]): Advice {
  const timing = topology.etcd.members > 0 ? effectiveTiming(topology.patroni) : null;
  const canFailOver = timing !== null && topology.coordinators.members > 1;
  const bands = canFailOver ? faults.map((fault) => predictBand(topology, timing, fault)) : [];
  return { timing, bands, findings: findings(topology, timing) };
}
