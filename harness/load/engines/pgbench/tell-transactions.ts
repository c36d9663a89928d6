import type { Micros } from "../../../model/clock.ts";
import { clientCodes } from "../../wire/outcomes.ts";
import type { ToldOperation } from "../outside/outside-stage-recorder.ts";
import type { LoggedTransaction } from "./parse-log.ts";

/** What the words in a log stand for; the retries of a run may have been for either, and a log does not tell which. */
const codes: Readonly<Record<string, string>> = {
  serialization: "40001",
  deadlock: "40P01",
  skipped: clientCodes.neverSent,
};
const RETRIED = "40001 or 40P01";
const NONE: readonly string[] = [];

/**
 * What the lines of one thread's log mean. A client that was free before the scheduled start shows the thread's own
 * lateness in its lag; one that was not shows it from the moment it was free, and the rest is waiting for a connection.
 * With a new connection for each operation, pgbench's time begins after the log-in, so it is taken from the moment
 * the client was free instead (or from the schedule).
 */
export function transactionTeller(options: {
  readonly agent: number;
  /** Names of the operations, in the order of their scripts. */
  readonly operations: readonly string[];
  /** The stage has a rate. */
  readonly scheduled: boolean;
  readonly connectsEachTime: boolean;
  /** Added to a moment of the log, gives one of ours. */
  readonly wallToMicros: number;
}): (transaction: LoggedTransaction) => ToldOperation {
  const { agent, operations, scheduled, connectsEachTime, wallToMicros } = options;
  /** When each client's last transaction ended. */
  const freeUs = new Map<number, Micros>();
  // Every field in one literal: this runs for each operation, and spreading objects would take most of its time.
  return ({ client, script, timeUs, problem, endedWallUs, lagUs, retries }) => {
    const endUs = endedWallUs + wallToMicros;
    const wasFreeUs = freeUs.get(client);
    const skipped = problem === "skipped";
    if (!skipped) freeUs.set(client, endUs);
    // The moments of a transaction that was never sent are not logged, nor are those of one that failed.
    const beganUs = timeUs === null ? endUs : endUs - timeUs;
    const intendedUs = scheduled || !connectsEachTime ? beganUs : Math.min(beganUs, wasFreeUs ?? beganUs);
    const readyUs = Math.max(intendedUs, wasFreeUs ?? intendedUs);
    const startUs = timeUs === null || !connectsEachTime ? beganUs + (timeUs === null ? 0 : lagUs) : readyUs;
    return {
      operation: operations[script] ?? "",
      agent,
      client,
      intendedUs: timeUs === null ? endUs : intendedUs,
      startUs,
      endUs,
      outcome: skipped ? null : timeUs === null ? "failed" : "ok",
      code: problem === null ? null : (codes[problem] ?? "PGBENCH_FAILED"),
      retried: retries === 0 ? NONE : Array.from({ length: retries }, () => RETRIED),
      latenessUs: timeUs !== null && scheduled && !connectsEachTime ? Math.max(0, startUs - readyUs) : null,
    };
  };
}
