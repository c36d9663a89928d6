/** Something that runs while a cluster is measured, or that a user waits for afterwards. */
export interface Subject extends AsyncDisposable {
  readonly title: string;
  readonly cases: readonly Case[];
  /** What else is worth knowing, such as a size. */
  readonly notes?: readonly string[];
}

export interface Case {
  readonly name: string;
  /** What the time is for: "sample", "recording". */
  readonly unit: string;
  /** How many of them one call does. */
  readonly perCall: number;
  readonly run: () => unknown;
  /** The name of the case of the same subject that this one is compared with. */
  readonly comparedWith?: string;
}
