import type { Checker, History } from "../model/checker.ts";
import type { Micros } from "../model/clock.ts";
import type { CheckFinding, Figure, LedgerMeasurement } from "../model/measurement.ts";
import type { LedgerReading } from "../model/recording.ts";
import type { Outcome, Sample, StreamDescription } from "../model/sample.ts";
import { tellEach } from "../model/samples.ts";

/** By reading back, after each injection and at the end, which numbers a stream's table holds. */
export const ledger: Checker = {
  name: "ledger",
  looksFor: "Writes that were acknowledged, and whose rows are missing afterwards.",
  needs: "a stream that writes its operations' numbers into a table",
  metric: null,
  check(history) {
    const { streams, injections } = history.plan;
    const written = streams.filter(({ ledgerTable }) => ledgerTable !== null);
    if (written.length === 0) return { notApplicable: "no stream kept a ledger" };
    const checked = written.map((stream) => checkedOf(history, stream));
    return {
      findings: checked.map(({ whole }) => findingOf(whole)),
      // Told by injection, where its lost writes are measured.
      gaps: [],
      details: {
        byInjection: injections.flatMap(({ injection }) => {
          const ledgers = checked.flatMap(({ windows }) => windows.get(injection) ?? []);
          return ledgers.length === 0 ? [] : [{ injection, ledgers }];
        }),
        sinceLastInjection: checked.flatMap(({ windows }) => windows.get(null) ?? []),
        whole: checked.map(({ whole }) => whole),
      },
    };
  },
};

function findingOf({
  stream,
  table,
  acknowledged,
  acknowledgedMissing,
  missingIds,
}: LedgerMeasurement): CheckFinding {
  return {
    of: stream,
    figure: acknowledgedMissing,
    n: acknowledged,
    evidence: `${acknowledged} acknowledged writes were looked for in ${table}`,
    ids: missingIds,
  };
}

interface CheckedStream {
  /** Since the reading before, by the injection that it follows; null: at the end. None where it was not read then. */
  readonly windows: ReadonlyMap<number | null, LedgerMeasurement>;
  /** Over everything, by the last reading there is: an incomplete run is judged as far as it was read. */
  readonly whole: LedgerMeasurement;
}

function checkedOf(history: History, stream: StreamDescription): CheckedStream {
  const readings = history.ledgers
    .filter((reading) => reading.stream === stream.name)
    .sort((a, b) => a.atUs - b.atUs);
  const spans = readings.map((reading, index) => ({ reading, earlier: readings[index - 1] ?? null }));
  const samples = history.samples.get(stream.name) ?? [];
  const [whole, ...measured] = checkLedger(stream, samples, [
    { reading: readings.at(-1) ?? null, earlier: null },
    ...spans,
  ]) as [LedgerMeasurement, ...LedgerMeasurement[]];
  const windows = new Map<number | null, LedgerMeasurement>();
  measured.forEach((one, index) => {
    const injection = spans[index]?.reading.injection ?? null;
    if (!windows.has(injection)) windows.set(injection, one);
  });
  return { windows, whole };
}

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
  const lost = { fromUs: Infinity, toUs: -Infinity };
  const addMissing = (id: number, endUs: Micros): void => {
    counts.missing++;
    lost.fromUs = Math.min(lost.fromUs, endUs);
    lost.toUs = Math.max(lost.toUs, endUs);
    missingIds.push(id);
    if (missingIds.length >= 100 * namedAtMost) missingIds = lowest(missingIds);
  };
  return {
    count(id: number, endUs: Micros, outcome: Outcome): void {
      if (endUs >= untilUs) return;
      const inWindow = endUs >= fromUs;
      if (outcome === "ok") {
        if (inWindow) counts.acknowledged++;
        if (!isPresent(id) && (inWindow || wasPresent(id))) addMissing(id, endUs);
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
        ...(reading === null || counts.missing === 0 ? {} : { lost }),
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

/** The one of inclusive, ascending ranges that holds the id; undefined where none does. Binary search. */
export function rangeOf(
  ranges: LedgerReading["present"],
  id: number,
): LedgerReading["present"][number] | undefined {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return undefined;
    if (id < range[0]) high = middle - 1;
    else if (id > range[1]) low = middle + 1;
    else return range;
  }
  return undefined;
}
