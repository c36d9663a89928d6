import type {
  CheckResult,
  Figure,
  Measurements,
  NamedFigure,
  StageMeasurement,
  StageOperation,
} from "../model/measurement.ts";
import type { MetricName, MetricOf } from "../model/metric.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { InvariantReading, RecordedStage } from "../model/stage.ts";
import { operationTitle, variantTitle } from "../model/figure-names.ts";
import { invariantHeld, whyInvariantUnknown } from "../model/invariant-held.ts";
import { mostOf } from "../stats/extremes.ts";
import { quotientOfFigures } from "../stats/figures.ts";
import { steadyReadings } from "../stats/steady-readings.ts";
import { findingFigures } from "./finding-figures.ts";
import { twoPrimariesMs } from "./primaries-figures.ts";
import { dueOf, sentOf } from "./measure-operations.ts";
import { recallFigures } from "./measure-recall.ts";
import { latencyFigures } from "./latency-figures.ts";

/**
 * The flat list that a benchmark's targets are judged by: stages in order, then capacities and invariants. `workers`: the
 * PostgreSQL members that hold shards.
 */
export function listBenchmarkFigures(
  {
    stages,
    capacities,
    invariants,
    primaries,
    checks,
  }: Pick<Measurements, "stages" | "capacities" | "invariants" | "primaries"> & {
    readonly checks: readonly CheckResult[];
  },
  resources: readonly ResourceReading[],
  recorded: readonly RecordedStage[],
  workers: readonly string[] = [],
): NamedFigure[] {
  return [
    ...stages.flatMap((measured, index) => {
      const stage = recorded[index];
      return ofStage(measured, stage === undefined ? [] : steadyReadings(resources, stage), workers);
    }),
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
    // Of every variant that ran: data that nobody looked at is not known to be right.
    ...[
      ...new Set([...stages.map(({ stage }) => stage.variant), ...invariants.map(({ variant }) => variant)]),
    ].map((variant) =>
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
    ...findingFigures(checks),
  ];
}

function ofStage(
  measured: StageMeasurement,
  readings: readonly ResourceReading[],
  workers: readonly string[],
): NamedFigure[] {
  const { title, operations } = measured;
  const [all, ...each] = operations;
  if (all === undefined) return [];
  return [
    ...ofOperation(title, all),
    // Of a mix, each kind as well: a slow one must not hide behind a frequent one.
    ...(each.length > 1 ? each.flatMap((one) => ofOperation(operationTitle(title, one.operation), one)) : []),
    ...Object.entries(stageMetrics).flatMap(([metric, measuredOf]) => {
      const found = measuredOf({ measured, all, readings, workers });
      return found === null ? [] : [named(metric as MetricName, title, ...found)];
    }),
    ...recallFigures(title, measured.recall),
  ];
}

/** All that the figures of one stage are made of, but for its operations' times. */
interface Told {
  readonly measured: StageMeasurement;
  readonly all: StageOperation;
  /** Of the steady phase. */
  readonly readings: readonly ResourceReading[];
  readonly workers: readonly string[];
}

/** How each metric of whole stages is measured, and over how many samples; null: there is no figure. */
const stageMetrics: Readonly<
  Record<
    Exclude<MetricOf<"stage">, MetricOf<"operation"> | MetricOf<"sustained part">>,
    (told: Told) => readonly [figure: Figure, n: number] | null
  >
> = {
  throughput: ({ measured, all }) => [measured.throughputPerSecond, all.outcomes.ok],
  goodput: ({ measured, all }) => [measured.goodputPerSecond, all.inTime],
  "operations-failed": ({ measured: { throughputPerSecond }, all }) => [
    throughputPerSecond.kind === "withheld"
      ? throughputPerSecond
      : { kind: "value", value: all.outcomes.failed },
    dueOf(all),
  ],
  "schedule-lag-p99": ({ all }) => [all.lagMs.p99, sentOf(all)],
  "connections-served": ({ measured }) => [measured.connectionsServed, measured.connectionsWanted],
  "queue-wait": ({ readings }) =>
    most(
      readings.flatMap((reading) =>
        reading.kind === "pooler" ? [Math.max(reading.longestWaitMs, reading.meanWaitMs)] : [],
      ),
    ),
  "worker-connections": ({ readings, workers }) =>
    most(
      readings.flatMap((reading) =>
        reading.kind === "postgres" && workers.includes(reading.member) ? [reading.connections] : [],
      ),
    ),
};

function ofOperation(of: string, operation: StageOperation): NamedFigure[] {
  return latencyFigures(of, operation, { due: operation.latencyMs.n, ok: operation.serviceTimeMs.n });
}

/** The largest of what was read; null: nothing was, since there is no such thing in the cluster. */
function most(read: readonly number[]): readonly [figure: Figure, n: number] | null {
  return read.length === 0 ? null : [{ kind: "value", value: mostOf(read, (each) => each) }, 1];
}

function ratio(own: Figure, first: Figure, firstName: string): Figure {
  if (own.kind === "withheld") return own;
  if (first.kind === "withheld") return { kind: "withheld", reason: `${firstName}: ${first.reason}` };
  const quotient = quotientOfFigures(own, first);
  return quotient ?? { kind: "withheld", reason: "nothing bounds it: no rate was refused of either" };
}

function brokenInvariants(variant: string, readings: readonly InvariantReading[]): NamedFigure {
  if (readings.length === 0) {
    const reason = "what must be true of the data afterwards was not checked";
    return named("broken-invariants", variantTitle(variant), { kind: "withheld", reason }, 0);
  }
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
