import type { ClientSettings, LoadShape, StagePhases } from "../../model/benchmark.ts";
import type { ClientEndpoints } from "../../model/layout.ts";

/** A stage to be sent, with the addresses it goes to: what travels to the agent. */
export interface StageLoad {
  /** The stage's number. */
  readonly stage: number;
  /** Of the whole stage; every agent draws the same schedule from it and takes its own share. */
  readonly seed: number;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly shape: LoadShape;
  readonly phases: StagePhases;
  readonly client: ClientSettings;
  readonly endpoints: ClientEndpoints;
  readonly database: string;
  /** The stage's operations are numbered from here, so that ids are unique in a run. */
  readonly firstId: number;
  /** A k6 script of the user's own, instead of the one made from the workload; null: none. Only for the engine k6. */
  readonly k6Script: string | null;
}
