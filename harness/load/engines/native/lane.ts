import type { Micros } from "../../../model/clock.ts";
import type { CompiledOperation } from "./compile-operation.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Sessions } from "./sessions.ts";

/** All that the flights of one operation of the workload have in common. */
export interface Lane {
  readonly operation: CompiledOperation;
  readonly sessions: Sessions;
  /** Shared by all lanes with the same time-out. */
  readonly deadlines: Deadlines;
  readonly timeoutUs: Micros;
}
