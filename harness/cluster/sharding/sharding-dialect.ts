import type { ClusterLayout } from "../../model/layout.ts";
import type { ShardingDialect, Topology } from "../../model/topology.ts";
import type { TableSpec } from "../../model/workload.ts";

/** Statements to run on one connection to a group's primary, in order, as dpg_bench. Safe to run again. */
export interface SetupStep {
  readonly title: string;
  readonly at: { readonly group: string };
  readonly statements: readonly string[];
}

export interface ShardingRequest {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly tables: readonly TableSpec[];
}

/** How a workload's tables come to be. Pure: it returns what is to be run, and runs nothing. */
export interface ShardingDialectSetup {
  readonly name: ShardingDialect;
  /**
   * Steps with the same `stage` may run at the same time; a stage begins when the one before has ended. Raises a
   * MachineError when the dialect cannot run here.
   */
  stages(request: ShardingRequest): readonly (readonly SetupStep[])[];
}
