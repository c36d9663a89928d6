import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { operationTitle } from "../model/figure-names.ts";
import type { MetricName } from "../model/metric.ts";
import { mayBeTheClient } from "../model/may-be-the-client.ts";
import type { Target } from "../model/target.ts";
import { timeoutCodes } from "../model/sample.ts";
import { figureWithin, highestOf, lowestOf } from "../stats/figures.ts";
import { percentileMetrics } from "../stats/percentiles.ts";
import { compareWithBound, keeps } from "./compare-with-bound.ts";
import { figureWithUnit } from "./say.ts";

type Bound = Target["bound"];

/**
 * Figures as far as they say something of the cluster. Those of a stage that has a problem are withheld with it. Where the
 * client was its own limit, or late, only what it can have spoilt is withheld or becomes a bound: what it adds to a
 * latency never makes one look kept, what it did not send never makes a throughput look higher.
 */
export function setAside(
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
  named: Pick<NamedFigure, "of">,
  stages: readonly StageMeasurement[],
): string | null {
  const client = stageOf(named, stages)?.client;
  if (client === undefined || client.clientBound === null) return null;
  const fine = client.fineUpToPerSecond;
  const upTo =
    fine.kind !== "value" ? "" : `; it would have been fine up to ${fine.value.toLocaleString("en-US")} op/s`;
  return `client-bound: ${client.clientBound}${upTo}`;
}

function unspoilt(named: NamedFigure, stage: StageMeasurement, bound: Bound): Figure {
  const { metric, figure } = named;
  if (stage.problem !== null) return withheld(stage.problem);
  if (metric === "operations-failed") return failedByTheCluster(named, stage);
  const why = whyClientBound(named, [stage]);
  if (why === null || figure.kind === "withheld") return figure;
  if (lowerBounds.has(metric)) return { kind: "at-least", value: lowestOf(figure) };
  if (!(metric in percentileMetrics)) return figure;
  // An open load that was not sent in time is in the latency. A closed one is lighter for a client that is full.
  const stands = stage.stage.shape.kind === "open" && compareWithBound(figure, bound) !== "fail";
  return stands ? figure : withheld(why);
}

/** Of a client that was full: what it would have sent more would have raised these, queues in poolers too. */
const lowerBounds: ReadonlySet<MetricName> = new Set([
  "throughput",
  "goodput",
  "connections-served",
  "queue-wait",
]);

/** Operations that a client had no time for, to send them or to read their answers, may not be the cluster's failures. */
function failedByTheCluster({ of, figure }: NamedFigure, stage: StageMeasurement): Figure {
  const operation = stage.operations.find((each) => titleOf(stage, each.operation) === of);
  if (operation === undefined || figure.kind === "withheld") return figure;
  const timedOut = timeoutCodes.reduce((sum, code) => sum + (operation.failed[code] ?? 0), 0);
  const clients =
    stage.client.clientBound === null ? operation.neverSentLate : operation.neverSent + timedOut;
  return figureWithin(Math.max(0, lowestOf(figure) - clients), highestOf(figure));
}

function whyLate({ metric, figure, withoutLateness }: NamedFigure, bound: Bound): string | null {
  if (withoutLateness === undefined || compareWithBound(figure, bound) !== "fail") return null;
  if (!mayBeTheClient(withoutLateness, (value) => keeps(value, bound))) return null;
  const without = figureWithUnit(metric, withoutLateness);
  return `client late: ${figureWithUnit(metric, figure)} from when operations were due, ${without} without the client's own lateness`;
}

function stageOf(
  { of }: Pick<NamedFigure, "of">,
  stages: readonly StageMeasurement[],
): StageMeasurement | undefined {
  return stages.find((stage) => stage.operations.some(({ operation }) => titleOf(stage, operation) === of));
}

/** Figures of all operations are of the stage itself. */
function titleOf({ title, operations }: StageMeasurement, operation: string): string {
  return operation === operations[0]?.operation ? title : operationTitle(title, operation);
}

function withheld(reason: string): Figure {
  return { kind: "withheld", reason };
}
