import { failureLasts } from "./failure-lasts.ts";
import type { SqlRunner } from "./model/capabilities.ts";
import type { Clock } from "./model/clock.ts";
import { DpgError, HarnessError } from "./model/errors.ts";
import type { Endpoint } from "./model/layout.ts";
import type { Topology } from "./model/topology.ts";

/** Who runs statements, and when to stop. */
export interface Insisting {
  readonly topology: Topology;
  readonly agent: SqlRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Statements that are safe to run again. */
export interface Demand {
  /** What they are for, to follow "Expected to ". */
  readonly purpose: string;
  readonly at: Endpoint;
  readonly statements: readonly string[];
  /** One try at all of them. */
  readonly tryMs: number;
  /** What is left for all tries together; see countdown.ts. */
  readonly remainingMs: () => number;
  /** Whose budget that is, to follow "within ". */
  readonly within: string;
  /** Codes of failures that pass here, though elsewhere they would last. */
  readonly passing?: readonly string[];
}

/** Between two tries. */
const PAUSE_MS = 50;

/**
 * Tries until they succeed: what they need may still be starting. A HarnessError that names the statement and its
 * SQLSTATE when the budget is over, and at once when the failure would last.
 */
export async function insist(demand: Demand, { topology, agent, clock, signal }: Insisting): Promise<Rows> {
  const { at, statements, tryMs, remainingMs, passing = [] } = demand;
  const { database } = topology.postgres;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await agent.run({ at, database, statements, budgetMs: Math.min(tryMs, remainingMs()) });
    } catch (cause) {
      const code = cause instanceof DpgError ? cause.code : "";
      if (failureLasts(code) && !passing.includes(code)) throw notDone(demand, code, cause);
      if (remainingMs() <= 1) throw notDone(demand, null, cause);
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}

type Rows = Awaited<ReturnType<SqlRunner["run"]>>;

/** `lastingCode`: null when it was only time that ran out. */
function notDone({ purpose, at, within }: Demand, lastingCode: string | null, cause: unknown): HarnessError {
  const bound = lastingCode === null ? ` within ${within}` : "";
  const found = cause instanceof Error ? cause.message : String(cause);
  return new HarnessError({
    code: "cluster-not-prepared",
    message: `Expected to ${purpose} at ${at.host}:${at.port}${bound}, got: ${found}`,
    mend:
      lastingCode === null
        ? undefined
        : (mends[lastingCode] ?? "It would fail again: it was not tried twice."),
    cause,
  });
}

const mends: Readonly<Record<string, string>> = {
  "53100":
    "The server's disk is full: free space where Docker keeps its volumes, or ask for fewer rows by --set benchmark.parameters.rows=N.",
};
