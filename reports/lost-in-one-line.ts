import type { LedgerMeasurement } from "../harness/model/measurement.ts";
import { formatCount, formatFigure } from "../harness/model/format-value.ts";
import type { Run } from "./run.ts";
import { highestOf } from "../harness/stats/figures.ts";

/** What was lost, in one line, by the ledgers of the whole run. What was lost comes first. */
export function lostInOneLine(run: Run): string {
  const { ledgers } = run.measurements;
  if (ledgers.length === 0) return "Not known what was lost: no ledger was read back.";
  const kept = ledgers.filter(lostNothing);
  const others = ledgers.filter((ledger) => !lostNothing(ledger)).map(lossOf);
  return [
    ...others,
    ...(kept.length > 0 ? [keptOf(kept, allRead(run))] : []),
    ...ledgers.flatMap(ghostsOf),
  ].join(" ");
}

function lostNothing({ acknowledgedMissing }: LedgerMeasurement): boolean {
  return acknowledgedMissing.kind === "value" && acknowledgedMissing.value === 0;
}

/** Every injection's ledgers and the last ones were read: only then nothing was lost, and not only nothing found. */
function allRead({ recording, measurements }: Run): boolean {
  const known = measurements.injections.every(({ lostWrites }) => lostWrites.kind === "value");
  return recording.end.kind === "complete" && known;
}

function keptOf(ledgers: readonly LedgerMeasurement[], all: boolean): string {
  const parts = ledgers.map(
    ({ acknowledged, stream }, index) =>
      `all ${formatCount(acknowledged)}${index === 0 ? " acknowledged writes" : ""} of ${stream}`,
  );
  const claim = all ? "Nothing lost" : "Nothing lost as far as ledgers were read back";
  return `${claim}: ${parts.join(" and ")} were found afterwards.`;
}

function lossOf({ acknowledgedMissing, acknowledged, stream }: LedgerMeasurement): string {
  const writes = `${formatCount(acknowledged)} acknowledged writes of ${stream}`;
  if (acknowledgedMissing.kind === "withheld")
    return `Not known what was lost of ${writes}: ${acknowledgedMissing.reason}.`;
  return `Lost: ${formatFigure(acknowledgedMissing, "rows")} of ${writes}.`;
}

function ghostsOf({ failedButPresent, stream }: LedgerMeasurement): string[] {
  if (failedButPresent.kind === "withheld" || highestOf(failedButPresent) === 0) return [];
  return [`Present though failed: ${formatFigure(failedButPresent, "rows")} of ${stream}.`];
}
