import { BitSet } from "./bit-set.ts";
import type { Outcome } from "./sample.ts";

/** What the client was told of the writes of one operation in one stage, each by its number in the stage. */
export interface WriteOutcomes {
  readonly operation: string;
  /** Added to the number it is the write's id: what its row carries. */
  readonly firstId: number;
  readonly numbers: Readonly<Record<Outcome, BitSet>>;
}

export function noOutcomes(operation: string, firstId: number): WriteOutcomes {
  return { operation, firstId, numbers: { ok: new BitSet(), failed: new BitSet(), unknown: new BitSet() } };
}
