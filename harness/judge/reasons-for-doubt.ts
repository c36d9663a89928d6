import { formatValue } from "../model/format-value.ts";
import type { Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { metrics } from "../model/metric.ts";
import type { Target } from "../model/target.ts";
import { compareWithBound } from "./compare-with-bound.ts";
import type { Judged } from "./judged.ts";
import { figureWithUnit, sinceWhen } from "./sentences.ts";
import { whyClientBound } from "./trusted-figures.ts";

/** Why a target that no figure failed cannot be called kept; none when it can. */
export function reasonsForDoubt(
  target: Target,
  evidence: readonly NamedFigure[],
  { plan, measurements, end }: Judged,
): string[] {
  const doubts: string[] = [];
  if (evidence.length === 0) doubts.push(whyNothing(target, measurements));
  for (const { metric, of, figure, fromUs } of evidence) {
    if (compareWithBound(figure, target.bound) !== "unknown") continue;
    const known = figureWithUnit(target.metric, figure, target.bound);
    const client = whyClientBound({ metric, of }, measurements.stages);
    const why = figure.kind === "withheld" ? figure.reason : client === null ? known : `${known} (${client})`;
    const because = becauseOf(target, figure, { of, stages: measurements.stages });
    doubts.push(`${of}${sinceWhen(fromUs)}: ${why}${because}${howToDecide(target, figure)}`);
  }
  const done = measurements.injections.filter(({ commandFailed }) => commandFailed === null).length;
  const planned = plan.injections.length;
  if (done < planned) doubts.push(`only ${done} of ${planned} planned injections were carried out`);
  if (end.kind === "incomplete")
    doubts.push(`the recording is incomplete (${end.reason.replace(/\.$/, "")})`);
  if (metrics[target.metric].fromIntendedStart === true && plan.benchmark?.client.engine === "k6")
    doubts.push("k6 knows no intended start: what it measures is a service time");
  if (metrics[target.metric].needsSchedule === true) doubts.push(...clientDoubts({ plan, measurements }));
  return doubts;
}

/** A search tries the rates that narrow its interval, not the one that was promised. */
function howToDecide(target: Target, figure: Figure): string {
  const { needsSearch, unit } = metrics[target.metric];
  const isRate = needsSearch === true && unit === "op/s";
  if (!isRate || figure.kind === "withheld" || !("atLeast" in target.bound)) return "";
  return ` (a scenario with a fixed stage at ${formatValue(target.bound.atLeast, unit)} decides it)`;
}

/** What a probe saw is bounded only where the client did not look, and a rate where it did not send. */
function becauseOf(
  { metric }: Target,
  { kind }: Figure,
  { of, stages }: { readonly of: string; readonly stages: readonly StageMeasurement[] },
): string {
  const closed = stages.some(({ title, stage }) => title === of && stage.shape.kind === "closed");
  const { series, whyBounded } = metrics[metric];
  if (
    closed &&
    ["between", "at-least"].includes(kind) &&
    series?.kind === "rate" &&
    whyClientBound({ metric, of }, stages) === null
  )
    return ", since the client itself stood still for a time";
  return kind !== "between" || whyBounded === undefined ? "" : `, since ${whyBounded}`;
}

/** A stage that depends on the capacity is not run where none was found. */
function whyNothing({ of }: Target, { capacities, checks = [] }: Judged["measurements"]): string {
  const inapplicable = checks.find(({ checker }) => checker === of)?.notApplicable ?? null;
  if (inapplicable !== null) return `the checker "${of}" is not applicable: ${inapplicable}`;
  const missing = capacities.flatMap(({ variant, perSecond }) => {
    const concerns = variant === "" || of === undefined || of.startsWith(`${variant}: `);
    return perSecond.kind === "withheld" && concerns ? [perSecond.reason] : [];
  });
  const because = missing.length === 0 ? "" : ` (no capacity was found: ${missing.join("; ")})`;
  return `nothing was measured${of === undefined ? "" : ` of "${of}"`}${because}`;
}

/** A client that is later than one probe interval measures itself, not the cluster. */
function clientDoubts({ plan, measurements }: Pick<Judged, "plan" | "measurements">): string[] {
  if (plan.load === null) return [];
  const intervalMs = 1000 / plan.load.writeProbe.ratePerSecond;
  const { p99 } = measurements.scheduleLagMs;
  if (p99.kind !== "value" || p99.value <= intervalMs) return [];
  return [
    `the client did not keep its schedule (lag p99 ${formatValue(p99.value, "ms")}, one probe interval is ${formatValue(intervalMs, "ms")})`,
  ];
}
