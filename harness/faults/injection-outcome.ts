import type { Micros } from "../model/clock.ts";

/** What became of an injection that could be carried out. A cluster that does not come back is a result, not an error. */
export interface InjectionOutcome {
  /** The fault was begun. False only when the cluster did not have its full redundancy beforehand. */
  readonly injected: boolean;
  /** What is observed showed the fault within the budget. */
  readonly observed: boolean;
  /** Service came back within the budget. */
  readonly recovered: boolean;
  readonly recoveredAtUs: Micros | null;
  /** Full redundancy came back within the budget after healing. When it did not, nothing more should be injected. */
  readonly healed: boolean;
  /** What did not happen, in one sentence; null when everything did. */
  readonly problem: string | null;
}
