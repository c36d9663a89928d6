/** How one cluster's data came in and was indexed. */
export interface LoadingMeasurement {
  readonly variant: string;
  /** Of a workload that loads before it indexes; null: its tables were filled before the load. */
  readonly loaded: {
    readonly table: string;
    readonly rows: number;
    readonly seconds: number;
    /** From the last row to the first search by the index; null: there was none. */
    readonly searchableSeconds: number | null;
  } | null;
  /** In the order in which they were made, each on every group that holds a part of it. */
  readonly indexes: readonly MadeIndex[];
}

export interface MadeIndex {
  readonly table: string;
  readonly index: string;
  readonly group: string;
  readonly seconds: number;
  readonly bytes: number;
  /** maintenance_work_mem, in PostgreSQL's words. */
  readonly memory: string;
  readonly parallelWorkers: number;
}
