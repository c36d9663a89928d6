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
    return truth === undefined ? [] : [{ ...compareAnswer(answer, truth), query: answer.query }];
  });
  const beaten = compared.find(({ nearerId }) => nearerId !== null);
  const why =
    byQuery.size === 0
      ? "there are no exact answers to compare with"
      : answers === undefined
        ? `no answers were kept (by ${engine.version})`
        : beaten !== undefined
          ? `row ${beaten.nearerId} is nearer to query ${beaten.query} than the row at its place in what should be the exact answer: is the ground truth of these vectors, and of all of them?`
          : null;
  const recalls = Float64Array.from(compared.flatMap(({ recall }) => recall ?? [])).sort();
  const figure = (metric: MetricName, n: number, value: number): Figure => {
    if (why !== null) return { kind: "withheld", reason: why };
    const needed = metrics[metric].leastSample ?? 1;
    return n < needed
      ? { kind: "withheld", reason: `it needs ${needed} answers that were kept, there are ${n}` }
      : { kind: "value", value };
  };
  const short = compared.filter(({ isShort }) => isShort).length;
  return {
    operation,
    answers: compared.length,
    queries: new Set(compared.map(({ query }) => query)).size,
    mean: figure("recall", recalls.length, recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length),
    p5: figure("recall-p5", recalls.length, valueAtPercentile(recalls, 5)),
    minimum: figure(
      "recall-minimum",
      recalls.length,
      leastOf(recalls, (recall) => recall),
    ),
    shortResults: figure("short-results", compared.length, short / compared.length),
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
