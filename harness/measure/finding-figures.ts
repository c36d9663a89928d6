import { whatWasFound } from "../model/checker.ts";
import { checkerTitle } from "../model/figure-names.ts";
import type { CheckFinding, CheckResult, NamedFigure } from "../model/measurement.ts";

/** The findings that targets are judged by as they are: of checkers that name a metric for them. */
export function findingFigures(checks: readonly CheckResult[]): NamedFigure[] {
  return checks.flatMap(({ checker, metric, findings }) => {
    if (metric === null) return [];
    if (metric === "findings") return findings.map((finding) => ofChecker(checker, finding));
    return findings.map(({ of, figure, n }): NamedFigure => ({ metric, of, fault: null, figure, n }));
  });
}

/** Targets ask for it by the checker's name. */
function ofChecker(checker: string, finding: CheckFinding): NamedFigure {
  const { of, figure, n, evidence } = finding;
  return {
    metric: "findings",
    of: checkerTitle(checker, of),
    fault: null,
    kind: checker,
    figure,
    n,
    ...(evidence === undefined || whatWasFound(finding) !== "found" ? {} : { because: evidence }),
  };
}
