import {
  type CheckResult,
  type Figure,
  type HopName,
  hopNames,
  type InjectionMeasurement,
  type LatencyMeasurement,
  type LedgerMeasurement,
  type Measurements,
  type NamedFigure,
} from "../model/measurement.ts";
import {
  bothProbes,
  injectionTitle,
  kindTitle,
  outsideInjections,
  streamTitle,
} from "../model/figure-names.ts";
import type { MetricName, MetricOf } from "../model/metric.ts";
import { findingFigures } from "./finding-figures.ts";
import { twoPrimariesMs } from "./primaries-figures.ts";
import type { Circuit } from "./circuit.ts";
import { figureWithin, knownFigures, sumOfFigures } from "../stats/figures.ts";
import { latencyFigures } from "./latency-figures.ts";

/** Samples behind one injection's figures. */
export interface InjectionSamples {
  readonly write: number;
  readonly read: number;
  /** Of the probes of what was not hit. */
  readonly elsewhere: { readonly write: number; readonly read: number };
  readonly all: number;
  /** Failed because the client itself did not send them. */
  readonly neverSent: number;
}

/** The flat list that targets are judged by, in order of injection, then of stream and part. */
export function listFigures(
  measured: Pick<Measurements, "injections" | "latency" | "ledgers" | "scheduleLagMs" | "primaries"> & {
    readonly checks: readonly CheckResult[];
  },
  samplesOf: (injection: InjectionMeasurement) => InjectionSamples,
  sinceLastInjection: readonly LedgerMeasurement[],
  circuitOf: (injection: InjectionMeasurement) => Circuit | null,
): NamedFigure[] {
  return [
    ...measured.injections.flatMap((injection) =>
      ofInjection({ injection, samples: samplesOf(injection), circuit: circuitOf(injection) }),
    ),
    ...lostOutside(measured.ledgers, sinceLastInjection),
    ...twoPrimariesOutside(measured),
    ...findingFigures(measured.checks),
    // The warm-up is shown, and counts for nothing.
    ...measured.latency.filter(({ part }) => part !== "warmup").flatMap(ofLatency),
    {
      metric: "schedule-lag-p99",
      of: bothProbes,
      fault: null,
      figure: measured.scheduleLagMs.p99,
      n: measured.scheduleLagMs.n,
    },
  ];
}

/** All that the figures of one injection are made of. */
interface Told {
  readonly injection: InjectionMeasurement;
  readonly samples: InjectionSamples;
  readonly circuit: Circuit | null;
}

/** A figure, and the samples behind it; null: there is none. */
type Measured = readonly [figure: Figure, n: number] | null;

function ofInjection(told: Told): NamedFigure[] {
  const { fault, injection } = told.injection;
  const where = { of: injectionTitle(fault, injection), fault, kind: kindTitle(told.injection) };
  return Object.entries(injectionMetrics).flatMap(([metric, measuredOf]) => {
    const measured = measuredOf(told);
    return measured === null
      ? []
      : [{ metric: metric as MetricName, ...where, figure: measured[0], n: measured[1] }];
  });
}

const hopMetrics = Object.fromEntries(
  hopNames.map((name) => {
    const measuredOf = ({ injection }: Told): Measured => {
      const hop = injection.hops.find((each) => each.hop === name);
      return hop === undefined ? null : [hop.tookSeconds, 1];
    };
    return [`phase-${name}`, measuredOf];
  }),
) as Record<`phase-${HopName}`, (told: Told) => Measured>;

/** How each metric that has a figure of every injection is measured. */
const injectionMetrics: Readonly<Record<MetricOf<"injection">, (told: Told) => Measured>> = {
  "write-unavailability": ({ injection, samples }) => [injection.writeUnavailabilitySeconds, samples.write],
  "read-unavailability": ({ injection, samples }) => [injection.readUnavailabilitySeconds, samples.read],
  "write-unavailability-elsewhere": ({ injection: { elsewhere }, samples }) =>
    elsewhere === undefined ? null : [elsewhere.writeUnavailabilitySeconds, samples.elsewhere.write],
  "read-unavailability-elsewhere": ({ injection: { elsewhere }, samples }) =>
    elsewhere === undefined ? null : [elsewhere.readUnavailabilitySeconds, samples.elsewhere.read],
  "time-to-full-redundancy": ({ injection }) => [injection.timeToFullRedundancySeconds, 1],
  failovers: ({ injection: { failoverCount } }) => (failoverCount === undefined ? null : [failoverCount, 1]),
  "time-in-force": ({ injection: { inForceSeconds } }) =>
    inForceSeconds === undefined ? null : [inForceSeconds, 1],
  "lost-writes": ({ injection, samples }) => [injection.lostWrites, samples.all],
  "lost-write-seconds": ({ injection, samples }) => [injection.lostWriteSeconds, samples.all],
  "failed-but-present": ({ injection, samples }) => [injection.failedButPresent, samples.all],
  "two-primaries": ({ injection }) => [injection.twoPrimariesMs, 1],
  "operations-failed": ({ injection, samples }) => [failedOf(injection, samples), samples.all],
  "operations-unknown": ({ injection, samples }) => [
    counted(injection.operationsUnknown, samples),
    samples.all,
  ],
  "operations-late": ({ injection, samples }) => [counted(injection.operationsLate, samples), samples.all],
  ...hopMetrics,
  "circuit-open": ({ circuit }) => (circuit === null ? null : [circuit.open, 1]),
  "moved-shards": ({ injection: { moves } }) => (moves === undefined ? null : [moves.shards, 1]),
  "moved-size": ({ injection: { moves } }) => (moves === undefined ? null : [moves.mebibytes, 1]),
  "move-seconds": ({ injection: { moves } }) =>
    moves === undefined ? null : [moves.seconds, moves.each.length],
  "longest-lock": ({ injection: { moves } }) =>
    moves === undefined ? null : [moves.longestLockMs, moves.each.length],
  "circuit-closed": ({ circuit }) => (circuit === null ? null : [circuit.closed, 1]),
};

function counted(value: number, { all }: InjectionSamples): Figure {
  return all === 0 ? { kind: "withheld", reason: "no operation was recorded" } : { kind: "value", value };
}

/** What the client itself did not send, the cluster cannot have served; whether it would have is not known. */
function failedOf({ operationsFailed }: InjectionMeasurement, { all, neverSent }: InjectionSamples): Figure {
  if (all === 0) return { kind: "withheld", reason: "no operation was recorded" };
  return figureWithin(Math.max(0, operationsFailed - neverSent), operationsFailed);
}

/**
 * Rows that the last reading of each ledger misses, and that the reading before it did not: lost in the last recovery
 * phase, or outside any injection. Row by row, so that one that came back hides none that is gone for good.
 */
function lostOutside(
  ledgers: readonly LedgerMeasurement[],
  sinceLastInjection: readonly LedgerMeasurement[],
): NamedFigure[] {
  if (ledgers.length === 0) return [];
  const read = new Map(sinceLastInjection.map((ledger) => [ledger.stream, ledger]));
  const unread = ledgers.filter(({ stream }) => !read.has(stream));
  const figure: Figure =
    unread.length === 0
      ? sumOfFigures(knownFigures(sinceLastInjection.map((ledger) => ledger.acknowledgedMissing)))
      : {
          kind: "withheld",
          reason: `the ledger of ${unread.map(({ stream }) => stream).join(", ")} was not read at the end`,
        };
  const n = ledgers.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  return [{ metric: "lost-writes", of: outsideInjections, fault: null, figure, n }];
}

/** What belongs to no injection's window, so that the sum over all figures is the whole run's. */
function twoPrimariesOutside({
  injections,
  primaries,
}: Pick<Measurements, "injections" | "primaries">): NamedFigure[] {
  if (primaries.length === 0) return [];
  const edges = injections.flatMap(({ faultAtUs, windowEndUs }) => [faultAtUs, windowEndUs]);
  const outside = [-Infinity, ...edges.sort((a, b) => a - b), Infinity].flatMap((fromUs, index, all) =>
    index % 2 === 0 ? [[fromUs, all[index + 1] ?? Infinity] as const] : [],
  );
  const figure = twoPrimariesMs(primaries, outside);
  return [{ metric: "two-primaries", of: outsideInjections, fault: null, figure, n: 1 }];
}

function ofLatency({ stream, part, n, outcomes, ...times }: LatencyMeasurement): NamedFigure[] {
  return latencyFigures(streamTitle(stream, part), times, { due: n, ok: outcomes.ok });
}
