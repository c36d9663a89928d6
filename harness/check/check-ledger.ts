import type { Micros } from "../model/clock.ts";
import type { Figure, LedgerMeasurement } from "../model/measurement.ts";
import type { LedgerReading } from "../model/recording.ts";
import type { Outcome, Sample, StreamDescription } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";
import { rangeOf } from "./range-of.ts";

const namedAtMost = 100;

/** What is compared: the reading of a ledger, and the one before it where the window between the two is meant. */
export interface LedgerSpan {
  /** null: it was not read. */
  readonly reading: LedgerReading | null;
  readonly earlier: LedgerReading | null;
}

/**
 * Compares what the client was told with what a ledger's readings hold, each span for itself and all in one pass. Only
 * operations that ended before a reading count for it: the reply to a later one may have been on its way while the table
 * was read.
 *
 * - acknowledged and missing: lost. Nothing else is.
 * - failed but present: the client was told wrong. Not a loss, and worth knowing.
 * - unknown: may be present or absent; both are right, and are only counted.
 *
 * With an earlier reading, the result is the window between the two: operations that ended in it, and rows that are
 * missing now and were not missing then (a row that was seen once and is gone now is this window's loss).
 */
export function checkLedger(
  stream: StreamDescription,
  samples: Iterable<Sample>,
  spans: readonly LedgerSpan[],
): LedgerMeasurement[] {
  const tallies = spans.map(tallyOf);
  tellEach(samples, {
    add: (id, _intendedUs, _startUs, endUs, { outcome }) => {
      for (const tally of tallies) tally.count(id, endUs, outcome);
    },
  });
  return tallies.map((tally) => tally.measured(stream));
}

function tallyOf({ reading, earlier }: LedgerSpan) {
  const untilUs = reading?.atUs ?? Infinity;
  const fromUs = earlier?.atUs ?? -Infinity;
  const isPresent = reading === null ? () => false : lookUp(reading.present);
  const wasPresent = earlier === null ? () => false : lookUp(earlier.present);
  const counts = { acknowledged: 0, missing: 0, failed: 0, unknown: 0, failedPresent: 0, unknownPresent: 0 };
  let missingIds: number[] = [];
  const addMissing = (id: number): void => {
    counts.missing++;
    missingIds.push(id);
    if (missingIds.length >= 100 * namedAtMost) missingIds = lowest(missingIds);
  };
  return {
    count(id: number, endUs: Micros, outcome: Outcome): void {
      if (endUs >= untilUs) return;
      const inWindow = endUs >= fromUs;
      if (outcome === "ok") {
        if (inWindow) counts.acknowledged++;
        if (!isPresent(id) && (inWindow || wasPresent(id))) addMissing(id);
      } else if (inWindow) {
        counts[outcome]++;
        if (isPresent(id)) counts[outcome === "failed" ? "failedPresent" : "unknownPresent"]++;
      }
    },
    measured(stream: StreamDescription): LedgerMeasurement {
      const read = (value: number): Figure =>
        reading === null ? { kind: "withheld", reason: "the ledger was not read" } : { kind: "value", value };
      return {
        stream: stream.name,
        table: stream.ledgerTable ?? "",
        acknowledged: counts.acknowledged,
        acknowledgedMissing: read(counts.missing),
        missingIds: reading === null ? [] : lowest(missingIds),
        failed: counts.failed,
        failedButPresent: read(counts.failedPresent),
        unknown: counts.unknown,
        unknownButPresent: read(counts.unknownPresent),
      };
    },
  };
}

/** In ascending order, as many as are named. */
function lowest(ids: readonly number[]): number[] {
  return ids.toSorted((a, b) => a - b).slice(0, namedAtMost);
}

/** Is an id in the ranges? Ids are asked for nearly in order: the range of the last answer has the next one, mostly. */
function lookUp(ranges: LedgerReading["present"]): (id: number) => boolean {
  let [from, to] = [Infinity, -Infinity];
  return (id) => {
    if (id >= from && id <= to) return true;
    const range = rangeOf(ranges, id);
    if (range !== undefined) [from, to] = range;
    return range !== undefined;
  };
}
