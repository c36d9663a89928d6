import type { StagePhase } from "../../../../model/benchmark.ts";
import type { OperationTally } from "./operation-tally.ts";

/** What is being counted of the flights whose intended start lies in one phase. */
export interface PhaseBook {
  readonly phase: StagePhase;
  /** Flights that have not landed yet. */
  underWay: number;
  /** Of the interval in which flights of this phase land now, by position of the operation. */
  tallies: readonly OperationTally[];
}

export function tallyOf(book: PhaseBook, operation: number): OperationTally {
  const tally = book.tallies[operation];
  if (tally === undefined) throw new Error(`Expected a tally for operation ${operation}, found none`);
  return tally;
}
