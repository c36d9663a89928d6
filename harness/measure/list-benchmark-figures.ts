import type {
  Figure,
  Measurements,
  NamedFigure,
  StageMeasurement,
  StageOperation,
} from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { InvariantReading, RecordedStage } from "../model/stage.ts";
import { operationTitle, variantTitle } from "../model/figure-names.ts";
import { invariantHeld, whyInvariantUnknown } from "../model/invariant-held.ts";
import { mostOf } from "../stats/extremes.ts";
import { quotientOfFigures } from "../stats/figures.ts";
import { steadyReadings } from "../stats/steady-readings.ts";
import { primariesFigures, twoPrimariesMs } from "./primaries-figures.ts";
import { sentOf } from "./measure-operations.ts";
import { latencyFigures } from "./latency-figures.ts";

/** The flat list that a benchmark's targets are judged by: stages in order, then capacities and invariants. */
export function listBenchmarkFigures(
  {
    stages,
    capacities,
    invariants,
    primaries,
    secondAcknowledgements,
  }: Pick<Measurements, "stages" | "capacities" | "invariants" | "primaries" | "secondAcknowledgements">,
  resources: readonly ResourceReading[],
  recorded: readonly RecordedStage[],
): NamedFigure[] {
  return [
    ...stages.flatMap((stage, index) => ofStage(stage, queueWait(recorded[index], resources))),
    ...capacities.flatMap(({ variant, perSecond }, index): NamedFigure[] => {
      const of = variantTitle(variant);
      const capacity = named("capacity", of, perSecond, 1);
      const first = capacities[0];
      if (first === undefined || index === 0) return [capacity];
      return [
        capacity,
        named("speed-up", of, ratio(perSecond, first.perSecond, variantTitle(first.variant)), 1),
      ];
    }),
    ...[...new Set(invariants.map(({ variant }) => variant))].map((variant) =>
      brokenInvariants(
        variant,
        invariants.filter((reading) => reading.variant === variant),
      ),
    ),
    ...[...new Set(primaries.map(({ variant }) => variant))].map((variant) =>
      named(
        "two-primaries",
        variantTitle(variant),
        twoPrimariesMs(
          primaries.filter((group) => group.variant === variant),
          [[-Infinity, Infinity]],
        ),
        1,
      ),
    ),
    ...primariesFigures(primaries, secondAcknowledgements),
  ];
}

function ofStage(measured: StageMeasurement, wait: NamedFigure["figure"] | null): NamedFigure[] {
  const { title, operations, connectionsServed, connectionsWanted } = measured;
  const [all, ...each] = operations;
  if (all === undefined) return [];
  const ended = all.outcomes.ok + all.outcomes.failed + all.outcomes.unknown;
  const failed: Figure =
    measured.throughputPerSecond.kind === "withheld"
      ? measured.throughputPerSecond
      : { kind: "value", value: all.outcomes.failed };
  return [
    ...ofOperation(title, all),
    // Of a mix, each kind as well: a slow one must not hide behind a frequent one.
    ...(each.length > 1 ? each.flatMap((one) => ofOperation(operationTitle(title, one.operation), one)) : []),
    named("throughput", title, measured.throughputPerSecond, all.outcomes.ok),
    named("goodput", title, measured.goodputPerSecond, all.inTime),
    named("operations-failed", title, failed, ended),
    named("schedule-lag-p99", title, all.lagMs.p99, sentOf(all)),
    named("connections-served", title, connectionsServed, connectionsWanted),
    ...(wait === null ? [] : [named("queue-wait", title, wait, 1)]),
  ];
}

function ofOperation(of: string, operation: StageOperation): NamedFigure[] {
  return latencyFigures(of, operation, { due: operation.latencyMs.n, ok: operation.serviceTimeMs.n });
}

/** null: no PgBouncer was watched. */
function queueWait(
  recorded: RecordedStage | undefined,
  resources: readonly ResourceReading[],
): Figure | null {
  if (recorded === undefined) return null;
  const waits = steadyReadings(resources, recorded).flatMap((reading) =>
    reading.kind === "pooler" ? [Math.max(reading.longestWaitMs, reading.meanWaitMs)] : [],
  );
  return waits.length === 0 ? null : { kind: "value", value: mostOf(waits, (wait) => wait) };
}

function ratio(own: Figure, first: Figure, firstName: string): Figure {
  if (own.kind === "withheld") return own;
  if (first.kind === "withheld") return { kind: "withheld", reason: `${firstName}: ${first.reason}` };
  const quotient = quotientOfFigures(own, first);
  return quotient ?? { kind: "withheld", reason: "nothing bounds it: no rate was refused of either" };
}

function brokenInvariants(variant: string, readings: readonly InvariantReading[]): NamedFigure {
  const broken = readings.filter((reading) => invariantHeld(reading) === "fail").length;
  const unread = readings.filter((reading) => invariantHeld(reading) === "unknown");
  const figure: Figure =
    unread.length === 0
      ? { kind: "value", value: broken }
      : broken > 0
        ? { kind: "at-least", value: broken }
        : {
            kind: "withheld",
            reason: unread.map(whyInvariantUnknown).join("; "),
          };
  return named("broken-invariants", variantTitle(variant), figure, readings.length);
}

function named(metric: MetricName, of: string, figure: Figure, n: number): NamedFigure {
  return { metric, of, fault: null, figure, n };
}
