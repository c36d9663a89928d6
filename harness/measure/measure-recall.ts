import type { Micros } from "../model/clock.ts";
import type { Figure, NamedFigure, RecallMeasurement } from "../model/measurement.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import type { ExactAnswer } from "../model/search.ts";
import type { RecordedStage } from "../model/stage.ts";
import { compareAnswer } from "../stats/compare-answer.ts";
import { leastOf } from "../stats/extremes.ts";
import { valueAtPercentile } from "../stats/percentiles.ts";

/**
 * How right a stage's searches were: of the answers that were kept, those that were due within one of the stretches. null:
 * the stage has no search. Without exact answers, or answers that were kept, every figure is withheld.
 */
export function measureRecall(
  { stage, answers, engine }: Pick<RecordedStage, "stage" | "answers" | "engine">,
  exact: readonly ExactAnswer[],
  stretches: readonly (readonly [fromUs: Micros, toUs: Micros])[],
): RecallMeasurement | null {
  const own = exact.filter(({ variant }) => variant === stage.variant);
  const operation = own[0]?.operation ?? [...(answers?.keys() ?? [])][0];
  if (operation === undefined) return null;
  const byQuery = new Map(own.filter((one) => one.operation === operation).map((one) => [one.query, one]));
  const kept = (answers?.get(operation) ?? []).filter(({ intendedUs }) =>
    stretches.some(([fromUs, toUs]) => intendedUs >= fromUs && intendedUs < toUs),
  );
  const compared = kept.flatMap((answer) => {
    const truth = byQuery.get(answer.query);
    const seen = truth === undefined ? null : compareAnswer(answer, truth);
    return seen === null ? [] : [{ ...seen, query: answer.query }];
  });
  const why =
    byQuery.size === 0
      ? "there are no exact answers to compare with"
      : answers === undefined
        ? `no answers were kept (by ${engine.version})`
        : null;
  const recalls = Float64Array.from(compared, ({ recall }) => recall).sort();
  const n = compared.length;
  const figure = (metric: MetricName, value: number): Figure => {
    if (why !== null) return { kind: "withheld", reason: why };
    const needed = metrics[metric].leastSample ?? 1;
    return n < needed
      ? { kind: "withheld", reason: `it needs ${needed} answers that were kept, there are ${n}` }
      : { kind: "value", value };
  };
  const short = compared.filter(({ isShort }) => isShort).length;
  return {
    operation,
    answers: n,
    queries: new Set(compared.map(({ query }) => query)).size,
    mean: figure("recall", recalls.reduce((sum, recall) => sum + recall, 0) / n),
    p5: figure("recall-p5", valueAtPercentile(recalls, 5)),
    minimum: figure(
      "recall-minimum",
      leastOf(recalls, (recall) => recall),
    ),
    shortResults: figure("short-results", short / n),
  };
}

/** What targets are judged by, of a stage or a part of it. */
export function recallFigures(of: string, recall: RecallMeasurement | null | undefined): NamedFigure[] {
  if (recall == null) return [];
  const { mean, p5, minimum, shortResults, answers: n } = recall;
  return [
    { metric: "recall", of, fault: null, figure: mean, n },
    { metric: "recall-p5", of, fault: null, figure: p5, n },
    { metric: "recall-minimum", of, fault: null, figure: minimum, n },
    { metric: "short-results", of, fault: null, figure: shortResults, n },
  ];
}
