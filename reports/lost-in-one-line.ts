import type { LedgerMeasurement } from "../harness/model/measurement.ts";
import { formatCount, formatFigure } from "./format-figure.ts";
import type { Run } from "./run.ts";

/** What was lost, in one line, by the ledgers of the whole run. */
export function lostInOneLine(run: Run): string {
  const { ledgers } = run.measurements;
  if (ledgers.length === 0) return "Not known what was lost: no ledger was read back.";
  return ledgers.map(lineOf).join(" ");
}

function lineOf(ledger: LedgerMeasurement): string {
  const acknowledged = `${formatCount(ledger.acknowledged)} acknowledged writes of ${ledger.stream}`;
  const missing = ledger.acknowledgedMissing;
  if (missing.kind === "withheld") return `Not known what was lost of ${acknowledged}: ${missing.reason}.`;
  const lost =
    missing.kind === "value" && missing.value === 0
      ? `Nothing lost: all ${acknowledged} were found afterwards`
      : `Lost: ${formatFigure(missing, "rows")} of ${acknowledged}`;
  const ghosts = ledger.failedButPresent;
  const ghostText =
    ghosts.kind !== "withheld" && ghosts.value > 0
      ? `; ${formatFigure(ghosts, "rows")} of failed writes found present`
      : "";
  return `${lost}${ghostText}.`;
}
