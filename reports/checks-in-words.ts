import { formatFigure, formatMoment } from "../harness/model/format-value.ts";
import { whatWasFound } from "../harness/model/checker.ts";
import type { CheckFinding, CheckResult } from "../harness/model/measurement.ts";
import { metrics, type Unit } from "../harness/model/metric.ts";
import type { Run } from "./run.ts";

/** What checkers without a sentence of their own found or did not decide, in one line; empty: nothing of either. */
export function findingsInOneLine({ measurements }: Run): string {
  return (measurements.checks ?? [])
    .filter(({ metric }) => metric === "findings")
    .flatMap((check) =>
      unsettled(check).map((finding) => {
        const word = whatWasFound(finding) === "found" ? "Found by" : "Not decided by";
        return `${word} ${check.checker}: ${findingInWords(check, finding)}.`;
      }),
    )
    .join(" ");
}

/** Findings of something, or undecided ones. */
export function unsettled({ findings }: CheckResult): readonly CheckFinding[] {
  return findings.filter((finding) => whatWasFound(finding) !== "not found");
}

/** "write-probe: 1 finding: rows went from 7 to 4; ids 5, 6, 7; from 0:31.200 to 0:33.000". */
export function findingInWords({ checker, metric }: CheckResult, finding: CheckFinding): string {
  const { of, figure, evidence, ids = [], members = [], moments = [] } = finding;
  const found =
    figure.kind === "withheld"
      ? figure.reason.replace(/\.$/, "")
      : formatFigure(figure, metric === null ? (UNITS[checker] ?? "findings") : metrics[metric].unit);
  return [
    `${of}: ${found}${evidence === undefined ? "" : `: ${evidence.replace(/\.$/, "")}`}`,
    ...(ids.length === 0 ? [] : [`ids ${shortened(ids.map(String))}`]),
    ...(members.length === 0 ? [] : [shortened(members)]),
    ...(moments.length === 0 ? [] : [shortened(moments.map(momentInWords))]),
  ].join("; ");
}

/** Of the checkers whose findings are cut by injection or variant before they are figures. */
const UNITS: Readonly<Record<string, Unit>> = { ledger: "rows", invariants: "invariants" };

function momentInWords({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): string {
  return fromUs === toUs
    ? `at ${formatMoment(fromUs)}`
    : `from ${formatMoment(fromUs)} to ${formatMoment(toUs)}`;
}

const SHOWN = 20;

/** Twenty of them at most. */
export function shortened(all: readonly string[]): string {
  return all.slice(0, SHOWN).join(", ") + (all.length > SHOWN ? " …" : "");
}
