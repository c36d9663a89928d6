import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { operationTitle, sustainedParts, sustainedTitle } from "../model/figure-names.ts";
import { type MetricName, metrics } from "../model/metric.ts";
import { mayBeTheClient } from "../model/may-be-the-client.ts";
import type { Target } from "../model/target.ts";
import { timeoutCodes } from "../model/sample.ts";
import { figureWithin, highestOf, type KnownFigure, lowestOf } from "../stats/figures.ts";
import { compareWithBound, keeps } from "./compare-with-bound.ts";
import { figureWithUnit } from "./sentences.ts";
import { formatRate } from "../model/format-value.ts";

type Bound = Target["bound"];

/**
 * Figures as far as they say something of the cluster. Those of a stage that has a problem are withheld with it. Where the
 * client was its own limit, or late, only what it can have spoilt is withheld or becomes a bound: what it adds to a
 * latency never makes one look kept, what it did not send never makes a throughput look higher.
 */
export function trustedFigures(
  figures: readonly NamedFigure[],
  stages: readonly StageMeasurement[],
  bound: Bound,
): NamedFigure[] {
  return figures.map((named) => {
    const stage = stageOf(named, stages);
    const known = stage === undefined ? named.figure : unspoilt(named, stage, bound);
    const late = whyLate({ ...named, figure: known }, bound);
    return { ...named, figure: late === null ? known : withheld(late) };
  });
}

/** Why a figure of this name says less of the cluster than it seems to; null: nothing is known against it. */
export function whyClientBound(
  named: Pick<NamedFigure, "metric" | "of">,
  stages: readonly StageMeasurement[],
): string | null {
  const client = stageOf(named, stages)?.client;
  if (client === undefined || client.clientBound === null) return null;
  const fine = client.fineUpToPerSecond;
  const upTo = fine.kind !== "value" ? "" : `; it would have been fine up to ${formatRate(fine.value)} op/s`;
  return `client-bound: ${client.clientBound}${upTo}`;
}

function unspoilt(named: NamedFigure, stage: StageMeasurement, bound: Bound): Figure {
  const { metric, figure } = named;
  if (stage.problem !== null) return withheld(stage.problem);
  const { fullClient } = metrics[metric];
  if (fullClient === "counted") return failedByTheCluster(named, stage);
  const why = whyClientBound(named, [stage]);
  if (figure.kind === "withheld") return figure;
  if (why === null) return withoutItsLateness(metric, figure, stage);
  if (fullClient === undefined) return figure;
  if (fullClient === "lowered") return { kind: "at-least", value: lowestOf(figure) };
  if (fullClient === "either") return withheld(why);
  // An open load that was not sent in time is in the latency. A closed one is lighter for a client that is full.
  const stands = stage.stage.shape.kind === "open" && compareWithBound(figure, bound) !== "fail";
  return stands ? figure : withheld(why);
}

/**
 * What an open load would have reached if the client had sent all of it in time lies above what it did: by what it came
 * too late for and, of a goodput, by what it sent or read late. A closed one begins nothing while its client stands still.
 */
function withoutItsLateness(metric: MetricName, figure: KnownFigure, measured: StageMeasurement): Figure {
  const {
    stage,
    steadySeconds,
    withoutStallsPerSecond,
    operations: [all],
  } = measured;
  const { series } = metrics[metric];
  if (series?.kind !== "rate" || all === undefined || steadySeconds === 0) return figure;
  const { rate } = series;
  if (stage.shape.kind === "closed") return withoutStallsPerSecond[rate];
  const { ok, failed, unknown } = all.outcomes;
  const missed = rate === "throughput" ? failed + unknown : ok + failed + unknown - all.inTime;
  const clients = Math.min(missed, all.cutShort + (rate === "goodput" ? all.late + all.stalled : 0));
  return figureWithin(lowestOf(figure), highestOf(figure) + clients / steadySeconds);
}

/** Operations that a client had no time for, to send them or to read their answers, may not be the cluster's failures. */
function failedByTheCluster({ of, figure }: NamedFigure, stage: StageMeasurement): Figure {
  const operation = stage.operations.find((each) => titleOf(stage, each.operation) === of);
  if (operation === undefined || figure.kind === "withheld") return figure;
  const timedOut = timeoutCodes.reduce((sum, code) => sum + (operation.failed[code] ?? 0), 0);
  const most = operation.neverSent + timedOut;
  const clients = stage.client.clientBound === null ? Math.min(operation.cutShort, most) : most;
  return figureWithin(Math.max(0, lowestOf(figure) - clients), highestOf(figure));
}

function whyLate({ metric, figure, withoutLateness }: NamedFigure, bound: Bound): string | null {
  if (withoutLateness === undefined || compareWithBound(figure, bound) !== "fail") return null;
  if (!mayBeTheClient(withoutLateness, (value) => keeps(value, bound))) return null;
  const without = figureWithUnit(metric, withoutLateness);
  const { series } = metrics[metric];
  if (series?.kind === "percentile" && series.time === "serviceTime")
    return `client late: ${figureWithUnit(metric, figure)} until it was read, ${without} without the client's own stalls`;
  const as = series === undefined ? "by latencies from" : "from";
  return `client late: ${figureWithUnit(metric, figure)} ${as} when operations were due, ${without} without the client's own lateness`;
}

/** The stage whose operations a figure is of; of what the faults did to a load, the one that was sustained under them. */
export function stageOf(
  { metric, of }: Pick<NamedFigure, "metric" | "of">,
  stages: readonly StageMeasurement[],
): StageMeasurement | undefined {
  return stages.find((stage) => {
    if (stage.operations.some(({ operation }) => titleOf(stage, operation) === of)) return true;
    if (stage.stage.purpose !== "sustained") return false;
    return (
      metrics[metric].of.includes("injection under load") ||
      sustainedParts.some((part) => sustainedTitle(stage.title, part) === of)
    );
  });
}

/** Figures of all operations are of the stage itself. */
function titleOf({ title, operations }: StageMeasurement, operation: string): string {
  return operation === operations[0]?.operation ? title : operationTitle(title, operation);
}

function withheld(reason: string): Figure {
  return { kind: "withheld", reason };
}
