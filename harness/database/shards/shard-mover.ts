import type { ClusterWatch, SqlRunner } from "../../model/capabilities.ts";
import type { Clock, Micros } from "../../model/clock.ts";
import type { Credentials } from "../../model/credentials.ts";
import type { EventOf } from "../../model/event.ts";
import type { ClusterLayout } from "../../model/layout.ts";
import type { ShardControl } from "../../model/shards.ts";
import type { Topology } from "../../model/topology.ts";
import type { TableSpec } from "../../model/workload.ts";

/** What it takes to move shards. */
export interface MovingShards {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly agent: SqlRunner;
  readonly watch: ClusterWatch;
  readonly clock: Clock;
  readonly credentials: Pick<Credentials, "clientPassword">;
  /** Every table that a run may make; those that there are not are left alone. */
  readonly tables: readonly TableSpec[];
  /**
   * Within which a node answers, whatever it is asked (budgets.commandSeconds). A worker that does not is given up, and
   * so is the move.
   */
  readonly commandMs: number;
  readonly onEvent: (event: EventOf<"shards-moved" | "note">) => void;
}

/** How a dialect moves shards. */
export type ShardMover = (moving: MovingShards) => ShardControl;

/** In whole milliseconds. */
export function millisecondsSince(sinceUs: Micros, clock: Clock): number {
  return Math.round((clock.nowUs() - sinceUs) / 1000);
}
