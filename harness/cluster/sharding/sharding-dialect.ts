import type { DatabaseNeeds } from "../database-needs.ts";
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

/** Steps of one stage may run at the same time; a stage begins when the one before has ended. */
export type SetupStages = readonly (readonly SetupStep[])[];

/** How a workload's tables come to be, and go. Pure: it returns what is to be run, and runs nothing. */
export interface ShardingDialectSetup extends DatabaseNeeds {
  readonly name: ShardingDialect;
  /** Makes the tables. */
  stages(request: ShardingRequest): SetupStages;
  /** Drops tables of these names and all that is in them, whether or not they were distributed. */
  removal(request: ShardingRequest): SetupStages;
  /** Vacuums and analyzes the tables where their rows are, so that nothing of it is left to do under load. */
  settling(request: ShardingRequest): SetupStages;
}
