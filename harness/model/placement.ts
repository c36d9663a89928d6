/** Where the rows of one distributed table were after the load, as the live catalogue of one cluster said. */
export interface PlacementReading {
  readonly variant: string;
  readonly table: string;
  /** The distribution column. */
  readonly column: string;
  /** Every worker group, in the topology's order. */
  readonly groups: readonly string[];
  readonly shards: readonly { readonly shard: string; readonly group: string }[];
  /** Every value of the column that some row has, ascending, up to a bound. */
  readonly keys: readonly PlacedKey[];
  /** There are more values than that. */
  readonly more: boolean;
  /** Why it could not be read; null: it was. */
  readonly problem: string | null;
}

export interface PlacedKey {
  readonly key: number;
  readonly group: string;
  readonly rows: number;
}

/** What follows from one reading. */
export interface PlacementMeasurement {
  readonly variant: string;
  readonly table: string;
  readonly column: string;
  readonly shards: number;
  readonly keys: number;
  readonly more: boolean;
  /** Keys that live on the group that key modulo groups names, the first group for a remainder of 0. */
  readonly moduloRight: number;
  /** In the topology's order. */
  readonly groups: readonly {
    readonly group: string;
    readonly shards: number;
    readonly keys: number;
    readonly rows: number;
  }[];
  /** The key with the most rows; null: there are none. */
  readonly largest: PlacedKey | null;
  readonly problem: string | null;
}
