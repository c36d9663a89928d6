import type { NamedFigure } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Target } from "../model/target.ts";
import type { Judged } from "./judged.ts";
import { compareWithBound } from "./compare-with-bound.ts";

/**
 * What is promised without a scenario's saying so: no acknowledged write is lost, a workload that checks its data finds it
 * as its operations must have left it, a cluster to which nothing is done serves, no group ever has two primaries that
 * acknowledge, and no checker finds what it looks for. A cluster that is quick and loses rows has not passed, nor has one
 * that goes away by itself. A scenario that promises one of these itself, its way, is judged by that; of some figures
 * alone, by this of the others. One without targets passes nothing by this.
 */
export function builtInTargets({ plan, measurements }: Pick<Judged, "plan" | "measurements">): Target[] {
  return [
    nothingLost,
    invariantsHold,
    ...servesUndisturbed(plan),
    oneCanAcknowledge,
    oneAcknowledges,
    nothingFound,
  ].flatMap((target) => {
    const figures = measurements.figures.filter(({ metric }) => metric === target.metric);
    const own = plan.targets.filter(({ metric }) => metric === target.metric);
    const bounded =
      target === nothingLost ? plan.targets.filter(({ metric }) => metric === "lost-write-seconds") : [];
    const left = figures.filter(
      (figure) =>
        !own.some((each) => concerns(each, figure)) &&
        // One that bounds the time of what may be lost speaks of injections alone.
        (figure.fault === null || !bounded.some((each) => concerns(each, figure))),
    );
    const fails = left.some(({ figure }) => compareWithBound(figure, target.bound) === "fail");
    if (left.length === 0 || (plan.targets.length === 0 && !fails)) return [];
    return own.length === 0 && left.length === figures.length
      ? [target]
      : left.map(({ of }) => ({ ...target, of }));
  });
}

function concerns({ of }: Target, figure: NamedFigure): boolean {
  return of === undefined || of === figure.of || of === figure.kind;
}

const nothingLost: Target = {
  id: "RPO",
  title: "No acknowledged write is lost",
  metric: "lost-writes",
  statistic: "each",
  bound: { atMost: 0 },
  source: "a COMMIT that was acknowledged is durable",
};

const invariantsHold: Target = {
  id: "INVARIANTS",
  title: "The data is as the workload's operations must have left it",
  metric: "broken-invariants",
  statistic: "sum",
  bound: { atMost: 0 },
  source: "the workload's invariants",
};

/**
 * Operations that fail singly while their neighbours are served do not make an outage, and a service that hangs shows in
 * a probe only from one time-out on: so outages that add up to one time-out fail, and less than that is shown.
 */
function servesUndisturbed({ load }: RunPlan): Target[] {
  if (load === null) return [];
  const seconds = Math.max(load.writeProbe.timeoutMs, load.readProbe.timeoutMs) / 1000;
  return [
    {
      id: "SERVICE",
      title: "A cluster to which nothing is done serves",
      metric: "stray-unavailability",
      statistic: "each",
      bound: { below: seconds },
      source: "goes without saying; the bound is the client's time-out, below which a probe sees no outage",
    },
  ];
}

const oneCanAcknowledge: Target = {
  id: "SPLIT-BRAIN",
  title: "No group ever has two primaries that can acknowledge writes",
  metric: "acknowledging-primaries",
  statistic: "each",
  bound: { atMost: 0 },
  source: "PostgreSQL's streaming replication has one primary",
};

const oneAcknowledges: Target = {
  id: "SPLIT-BRAIN-WRITES",
  title: "No write is acknowledged by a second primary",
  metric: "second-primary-writes",
  statistic: "each",
  bound: { atMost: 0 },
  source: "PostgreSQL's streaming replication has one primary",
};

const nothingFound: Target = {
  id: "CHECKERS",
  title: "No checker finds what it looks for",
  metric: "findings",
  statistic: "each",
  bound: { atMost: 0 },
  source: "each checker says what must not be",
};
