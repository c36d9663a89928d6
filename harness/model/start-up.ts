/** How one cluster of a run came up, and what it held in memory then. */
export interface StartUpMeasurement {
  readonly variant: string;
  readonly topology: string;
  readonly workerGroups: number;
  /** From the first container's creation until nothing of the cluster's redundancy was missing and a write had succeeded; without filling tables. */
  readonly seconds: number;
  /** That went into filling tables, meanwhile; 0: there were none, or it is not told. */
  readonly fillingSeconds: number;
  /** Right after that, without the page cache; null: it was not read. */
  readonly memory: StartUpMemory | null;
}

export interface StartUpMemory {
  /** Of all containers that could be read. Mebibytes, as all of these. */
  readonly totalMb: number;
  /** In start order: coordinators, workers, etcd, ... */
  readonly roles: readonly {
    readonly role: string;
    readonly containers: number;
    readonly totalMb: number;
    readonly mostMb: number;
  }[];
  readonly nodes: readonly { readonly node: string; readonly role: string; readonly memoryMb: number }[];
}
