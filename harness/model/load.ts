/** When operations are due. Open: they arrive whether or not earlier ones were answered. */
export type Arrival = "constant" | "poisson";

/** One that must be, or several in order of preference: the first that the engine can send is taken. */
export type WantedArrival = Arrival | readonly Arrival[];

export interface ProbePlan {
  readonly ratePerSecond: number;
  /** Client-side bound on each operation, connecting included. Milliseconds. */
  readonly timeoutMs: number;
}

/** Background load: a workload's weighted mix of operations at an open rate. */
export interface BackgroundPlan {
  /** A workload of the catalogue. */
  readonly workload: string;
  readonly ratePerSecond: number;
  readonly arrival: Arrival;
  readonly timeoutMs: number;
  /** Connections that are kept to each endpoint when all is well. */
  readonly connections: number;
}

/** All load of a run. Probes measure availability; the background makes the cluster work meanwhile. */
export interface LoadPlan {
  readonly writeProbe: ProbePlan;
  readonly readProbe: ProbePlan;
  /**
   * A write probe and a read probe for each worker group, through the coordinators to any of the group's shards, by chance;
   * left out, or null: none. Only where tables are distributed.
   */
  readonly shardProbes?: ProbePlan | null | undefined;
  /**
   * A writer for each member of the coordinators, connected to its PostgreSQL itself, past proxy and poolers: what an old
   * primary acknowledges is then written down, and looked for. A standby refuses all of it, which is no figure. Left out, or
   * null: none.
   */
  readonly directWriters?: ProbePlan | null | undefined;
  /** null: probes only. */
  readonly background: BackgroundPlan | null;
}
