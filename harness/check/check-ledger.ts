import type { Figure, LedgerMeasurement } from "../model/measurement.ts";
import type { LedgerReading } from "../model/recording.ts";
import type { Sample, StreamDescription } from "../model/sample.ts";
import { containsId } from "./contains-id.ts";

const namedAtMost = 100;

/**
 * Compares what the client was told with what a ledger reading holds. Only operations that ended before the reading
 * count: the reply to a later one may have been on its way while the table was read.
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
  samples: readonly Sample[],
  reading: LedgerReading | null,
  earlier: LedgerReading | null,
): LedgerMeasurement {
  const counts = { acknowledged: 0, failed: 0, unknown: 0, failedPresent: 0, unknownPresent: 0 };
  const missing: number[] = [];
  for (const { id, endUs, outcome } of samples) {
    if (reading !== null && endUs >= reading.atUs) continue;
    const inWindow = earlier === null || endUs >= earlier.atUs;
    const present = reading !== null && containsId(reading.present, id);
    if (outcome === "ok") {
      if (inWindow) counts.acknowledged++;
      if (!present && (inWindow || containsId(earlier.present, id))) missing.push(id);
    } else if (inWindow) {
      counts[outcome]++;
      if (present) counts[outcome === "failed" ? "failedPresent" : "unknownPresent"]++;
    }
  }
  missing.sort((a, b) => a - b);
  const read = (value: number): Figure =>
    reading === null ? { kind: "withheld", reason: "the ledger was not read" } : { kind: "value", value };
  return {
    stream: stream.name,
    table: stream.ledgerTable ?? "",
    acknowledged: counts.acknowledged,
    acknowledgedMissing: read(missing.length),
    missingIds: reading === null ? [] : missing.slice(0, namedAtMost),
    failed: counts.failed,
    failedButPresent: read(counts.failedPresent),
    unknown: counts.unknown,
    unknownButPresent: read(counts.unknownPresent),
  };
}
