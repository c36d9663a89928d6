import type { Checker } from "../model/checker.ts";
import type { FaultDescription } from "../model/fault.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Topology } from "../model/topology.ts";
import type { WorkloadDefinition } from "../model/workload.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";

/** Everything that can be named on the command line or in a scenario. */
export interface Catalogues {
  readonly scenarios: Readonly<Record<string, Scenario>>;
  readonly topologies: Readonly<Record<string, Topology>>;
  /** Faults and cluster operations. */
  readonly faults: Readonly<Record<string, FaultDescription>>;
  readonly workloads: Readonly<Record<string, WorkloadDefinition>>;
  readonly checkers: readonly Pick<Checker, "name" | "metric">[];
  /** Where the clusters run: what it cannot do is refused. */
  readonly runtime: Pick<ContainerRuntime, "name" | "abilities">;
}

/** What a target of the metric `findings` may be of. */
export function namedCheckers({ checkers }: Pick<Catalogues, "checkers">): string[] {
  return checkers.filter(({ metric }) => metric === "findings").map(({ name }) => name);
}
