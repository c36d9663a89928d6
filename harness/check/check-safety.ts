import {
  type CheckDetails,
  type Checked,
  type Checker,
  type History,
  type NotApplicable,
  type SafetyChecks,
  whatWasFound,
} from "../model/checker.ts";
import { wholeRun } from "../model/figure-names.ts";
import type { CheckFinding, CheckResult } from "../model/measurement.ts";
import { checkerCatalogue } from "./catalogue.ts";

/** Was anything lost that had been promised, were there two primaries, and all else that the checkers look for. */
export function checkSafety(history: History, checkers: readonly Checker[] = checkerCatalogue): SafetyChecks {
  const checked = checkers.map((checker) => ({ checker, found: checker.check(history) }));
  return Object.assign(
    {
      checks: checked.map(({ checker, found }) => resultOf(checker, found)),
      gaps: checked.flatMap(({ checker, found }) => gapsOf(checker, found)),
    },
    nothingInDetail,
    ...checked.map(({ found }) => ("notApplicable" in found ? {} : found.details)),
  ) as SafetyChecks;
}

const nothingInDetail: CheckDetails = {
  byInjection: [],
  sinceLastInjection: [],
  whole: [],
  primaries: [],
  secondAcknowledgements: null,
  copies: [],
};

function resultOf({ name, looksFor, needs, metric }: Checker, found: Checked | NotApplicable): CheckResult {
  const common = { checker: name, looksFor, metric };
  return "notApplicable" in found
    ? { ...common, notApplicable: `${found.notApplicable}; it needs ${needs}`, findings: [] }
    : { ...common, notApplicable: null, findings: findingsOf(found) };
}

/** Who is applicable and looked at nothing has not found it clean. */
function findingsOf({ findings }: Checked): readonly CheckFinding[] {
  if (findings.length > 0) return findings;
  return [{ of: wholeRun, figure: { kind: "withheld", reason: "nothing could be looked at" }, n: 0 }];
}

/** Where a checker does not say itself what it could not look at: what it did not decide. */
function gapsOf({ name }: Checker, found: Checked | NotApplicable): readonly string[] {
  if ("notApplicable" in found) return [];
  return (
    found.gaps ??
    findingsOf(found)
      .filter((finding) => whatWasFound(finding) === "not decided")
      .map(({ of, figure }) => {
        const why = figure.kind === "withheld" ? `: ${figure.reason.replace(/\.$/, "")}` : "";
        return `The checker ${name} did not decide of ${of}${why}.`;
      })
  );
}
