import type { SeenCluster } from "../components/component.ts";
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

/** Makes one secondary index of a table, whole or on its shards. Its last statement gives `bytes`, `memory` and `workers`. */
export interface IndexStep extends SetupStep {
  readonly table: string;
  readonly index: string;
}

export interface ShardingRequest {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly tables: readonly TableSpec[];
}

/** Steps of one stage may run at the same time; a stage begins when the one before has ended. */
export type SetupStages = readonly (readonly SetupStep[])[];

/** How a workload's tables come to be, and go, and where their rows are. Pure: it returns what is to be run, and runs nothing. */
export interface ShardingDialectSetup extends DatabaseNeeds {
  readonly name: ShardingDialect;
  /** Makes the tables, without their secondary indexes. */
  stages(request: ShardingRequest): SetupStages;
  /** Drops tables of these names and all that is in them, whether or not they were distributed. */
  removal(request: ShardingRequest): SetupStages;
  /** Makes the secondary indexes where the rows are, one in each stage. */
  indexing(request: ShardingRequest): readonly (readonly IndexStep[])[];
  /** Vacuums and analyzes the tables where their rows are, so that nothing of it is left to do under load. */
  settling(request: ShardingRequest): SetupStages;
  /** Statements after which what a session does to a database stays on its own server; left out: it does so anyway. */
  readonly stayHere?: readonly string[] | undefined;
  /** How writes to several groups that a crash left prepared are decided. Left out: none ever is. */
  readonly deciding?: Deciding | undefined;
  /** Shards are read through cursors that know no LIMIT, which their servers plan for a share of all rows. Left out: by the statement itself. */
  readonly readsByCursor?: boolean | undefined;
  /** Settings of the kernel, by their names in sysctl, for the network of every server of PostgreSQL. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  readonly placement: Placement;
  /** As a component's: what keeps the coordinators from finding the primaries of the groups. Left out: nobody has to tell them. */
  readonly gaps?: ((seen: SeenCluster) => readonly string[]) | undefined;
}

/**
 * Queries, for any coordinator, about where the rows of a distributed table live. They are answered from the live
 * catalogue, whatever was moved since the tables were made. A `holder` is what the dialect calls the place.
 */
export interface Placement {
  /** One row for each shard: `shard` and `holder`, both text. */
  readonly shards: (table: TableSpec) => string;
  /** One row for each of the values of the distribution column, whether or not such a row exists: `key` (bigint), `shard` and `holder` (text). */
  readonly keys: (table: TableSpec, keys: readonly number[]) => string;
  /** What a shard is called on the servers of the group that holds it. */
  readonly relation: (table: TableSpec, shard: string) => string;
  /** The name of the group that a holder stands for; undefined for none of the layout. */
  readonly groupOf: (holder: string, layout: ClusterLayout) => string | undefined;
}

/** For the coordinators' primary. */
export interface Deciding {
  /** They may pass over what is still under way, and servers that do not answer. */
  readonly statements: readonly string[];
  /** How many are `undecided` of those that were prepared by a moment, a timestamp with time zone as text. */
  readonly undecidedOf: (by: string) => string;
}
