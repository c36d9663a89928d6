import { whatWasFound } from "../model/checker.ts";
import { checkerTitle } from "../model/figure-names.ts";
import type { CheckFinding, CheckResult, NamedFigure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";

/** The findings that targets are judged by as they are: of checkers that name a metric for them. */
export function findingFigures(checks: readonly CheckResult[]): NamedFigure[] {
  return checks.flatMap(({ checker, metric, findings }) => {
    if (metric === null) return [];
    if (metric === "findings") return findings.map((finding) => ofChecker(checker, finding));
    return findings.map((finding) => figureOf(metric, finding));
  });
}

/** Targets ask for it by the checker's name. */
function ofChecker(checker: string, finding: CheckFinding): NamedFigure {
  return { ...figureOf("findings", finding), of: checkerTitle(checker, finding.of), kind: checker };
}

function figureOf(metric: MetricName, finding: CheckFinding): NamedFigure {
  const { of, figure, n, evidence } = finding;
  return {
    metric,
    of,
    fault: null,
    figure,
    n,
    ...(evidence === undefined || whatWasFound(finding) !== "found" ? {} : { because: evidence }),
  };
}
