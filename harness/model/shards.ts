import type { Problem } from "./errors.ts";
import type { Topology } from "./topology.ts";

/** How many times the budget of one command an operation that moves shards may take: each shard is copied whole. */
export const moveInCommands = 40;

/** Who holds what, by the live catalogue. */
export interface ShardsHeld {
  /** Worker groups that may hold shards, in the topology's order. */
  readonly inUse: readonly string[];
  /** Worker groups that hold none and get none until they are taken into use. */
  readonly idle: readonly string[];
  /** How many shards, of all distributed tables together, each group holds that holds any. */
  readonly shards: Readonly<Record<string, number>>;
  /** Every group in use holds as many as another, as far as they can be divided; no other group holds any. */
  readonly even: boolean;
}

/** Where shards are, and how they are moved while they are read and written. */
export interface ShardControl {
  /** Asks the live catalogue. Rejects with a HarnessError where it does not answer in time. */
  read(): Promise<ShardsHeld>;
  /**
   * Takes these groups into use that are not, moves shards until each of them holds an equal share and the others none, and
   * takes the others out of use. A move that fails is taken back, and tried once more; rejects with a HarnessError that
   * says what was awaited of which shard when it fails again. What was moved until then stays moved.
   */
  spreadOver(groups: readonly string[], signal: AbortSignal): Promise<void>;
  /** Takes away what moves that were broken off have left, and loses nothing by it. Does nothing where nothing was left. */
  cleanUp(): Promise<void>;
}

/** Why shards stay where they are made in clusters of this topology; null: they can be moved. */
export function whyShardsStay({ sharding, postgres }: Topology): Omit<Problem, "where"> | null {
  switch (sharding) {
    case "none":
      return {
        message: "its tables are whole (sharding none), so there are no shards to move.",
        suggestion: "Take --topology production.",
      };
    case "fdw":
      return postgres.parameters.wal_level === "logical"
        ? null
        : {
            message: "shards are moved by logical replication, for which fdw needs wal_level logical.",
            suggestion: "Add --set postgres.parameters.wal_level=logical.",
          };
    case "citus":
      // Patroni sets wal_level by itself.
      return null;
  }
}
