import { isPermanent } from "./is-permanent.ts";
import type { SqlRunner } from "../model/capabilities.ts";
import type { Clock } from "../model/clock.ts";
import { DpgError, HarnessError } from "../model/errors.ts";
import type { Endpoint } from "../model/layout.ts";
import type { Topology } from "../model/topology.ts";

/** Who runs statements, and when to stop. */
export interface SqlRetrying {
  readonly topology: Topology;
  readonly agent: SqlRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Statements that are safe to run again. */
export interface RetriedSql {
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
  /** Codes of failures that may pass here, though elsewhere they are permanent. */
  readonly passing?: readonly string[];
}

/** Between two tries. */
const PAUSE_MS = 50;

/**
 * Tries until they succeed: what they need may still be starting. A HarnessError that names the statement and its
 * SQLSTATE when the budget is over, and at once when the failure is permanent.
 */
export async function retrySql(
  demand: RetriedSql,
  { topology, agent, clock, signal }: SqlRetrying,
): Promise<Rows> {
  const { at, statements, tryMs, remainingMs, passing = [] } = demand;
  const { database } = topology.postgres;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await agent.run({ at, database, statements, budgetMs: Math.min(tryMs, remainingMs()) });
    } catch (cause) {
      const code = cause instanceof DpgError ? cause.code : "";
      if (isPermanent(code) && !passing.includes(code)) throw gaveUp(demand, code, cause);
      if (remainingMs() <= 1) throw gaveUp(demand, null, cause);
      await clock.sleep(PAUSE_MS, signal);
    }
  }
}

type Rows = Awaited<ReturnType<SqlRunner["run"]>>;

/** `permanentCode`: null when it was only time that ran out. */
function gaveUp(
  { purpose, at, within }: RetriedSql,
  permanentCode: string | null,
  cause: unknown,
): HarnessError {
  const bound = permanentCode === null ? ` within ${within}` : "";
  const found = cause instanceof Error ? cause.message : String(cause);
  return new HarnessError({
    code: "cluster-not-prepared",
    message: `Expected to ${purpose} at ${at.host}:${at.port}${bound}, got: ${found}`,
    hint:
      permanentCode === null
        ? undefined
        : (hints[permanentCode] ?? "It would fail again: it was not tried twice."),
    cause,
  });
}

const hints: Readonly<Record<string, string>> = {
  "53100":
    "The server's disk is full: free space where Docker keeps its volumes, or ask for fewer rows by --set benchmark.parameters.rows=N.",
};
