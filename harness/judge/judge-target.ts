import { metrics } from "../model/metric.ts";
import type { NamedFigure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import type { TargetVerdict, VerdictOutcome } from "../model/verdict.ts";
import { compareWithBound } from "./compare-with-bound.ts";
import { whyPredicted } from "./why-predicted.ts";
import type { Judged } from "./judged.ts";
import { reasonsForDoubt } from "./reasons-for-doubt.ts";
import { bounded, sentenceFigure } from "./sentences.ts";
import { trustedFigures } from "./trusted-figures.ts";
import { statisticOf } from "./statistic-of.ts";
import { worstFirst } from "./worst-first.ts";

/**
 * One target. A figure beyond the bound fails it, whatever else is missing. It passes only when every figure it asks for
 * is there and within the bound, every planned injection was carried out, the recording is whole, and the client kept
 * its schedule where the figure depends on it; anything less is unknown. Stages that have a problem decide nothing either
 * way, and those whose client was full or late only what it cannot have spoilt.
 */
export function judgeTarget(target: Target, judged: Judged): TargetVerdict {
  const figures = judged.measurements.figures.filter(
    ({ metric, of, kind }) =>
      metric === target.metric && (target.of === undefined || of === target.of || kind === target.of),
  );
  const statistic = statisticOf(target, trustedFigures(figures, judged.measurements.stages, target.bound));
  const ranked = worstFirst(statistic.judged, target.bound);
  const beside = worstFirst(statistic.beside, target.bound);
  const failing = ranked.find((each) => compareWithBound(each.figure, target.bound) === "fail");
  const doubts = failing === undefined ? reasonsForDoubt(target, ranked, judged) : [];
  const outcome: VerdictOutcome = failing !== undefined ? "fail" : doubts.length > 0 ? "unknown" : "pass";
  return {
    target,
    outcome,
    sentence: [
      sentenceOf({ target, outcome, worst: failing ?? ranked[0], part: beside[0], doubts }),
      ...whatWasFull(failing, judged),
    ].join(" "),
    evidence: [...ranked, ...beside],
    foreseen: outcome === "pass" ? null : whyPredicted(target, failing, judged),
  };
}

/** A time that was missed while the machine itself was full is the cluster's and the machine's: the fault may not be all of it. */
function whatWasFull(failing: NamedFigure | undefined, { measurements }: Judged): string[] {
  if (failing === undefined || !["s", "ms"].includes(metrics[failing.metric].unit)) return [];
  const stretch = measurements.stretches?.find(({ of }) => of === failing.of);
  const [full] = stretch?.bottlenecks ?? [];
  return full === undefined ? [] : [`Meanwhile the ${full.resource} was full: ${full.evidence}.`];
}

function sentenceOf(said: {
  readonly target: Target;
  readonly outcome: VerdictOutcome;
  readonly worst: NamedFigure | undefined;
  /** The worst figure in a sum or a percentile. */
  readonly part: NamedFigure | undefined;
  readonly doubts: readonly string[];
}): string {
  const { target, outcome, worst, part, doubts } = said;
  const promise = `${target.id} promises ${bounded(target)}`;
  if (worst === undefined || outcome === "unknown") {
    return `${metrics[target.metric].title}: not decided, because ${doubts.join("; ")}. ${promise}.`;
  }
  const measured = sentenceFigure(target, worst);
  if (outcome === "pass") return `${measured} at worst; ${promise}.`;
  const most = part === undefined ? "" : `, most of it in ${part.of}`;
  return `${measured}${most}; ${promise}.`;
}
