import type { StagePhase } from "../../../../model/benchmark.ts";
import type { OperationTally } from "./operation-tally.ts";

/** What is being counted of the operations whose intended start lies in one phase. */
export interface PhaseCounts {
  readonly phase: StagePhase;
  /** Operations in flight that have not completed yet. */
  underWay: number;
  /** Of the interval in which operations of this phase complete now, by position of the operation. */
  tallies: readonly OperationTally[];
}

export function tallyOf(counts: PhaseCounts, operation: number): OperationTally {
  const tally = counts.tallies[operation];
  if (tally === undefined) throw new Error(`Expected a tally for operation ${operation}, found none`);
  return tally;
}
