import type {
  Figure,
  HopName,
  InjectionMeasurement,
  LatencyMeasurement,
  LedgerMeasurement,
  Measurements,
  NamedFigure,
} from "../model/measurement.ts";
import {
  bothProbes,
  injectionTitle,
  kindTitle,
  outsideInjections,
  streamTitle,
} from "../model/figure-names.ts";
import type { MetricName } from "../model/metric.ts";
import { primariesFigures, twoPrimariesMs } from "./primaries-figures.ts";
import type { Circuit } from "./circuit.ts";
import { figureWithin, knownFigures, sumOfFigures } from "../stats/figures.ts";
import { latencyFigures } from "./latency-figures.ts";

const hopMetrics = {
  noticed: "phase-noticed",
  "lease-gone": "phase-lease-gone",
  promoted: "phase-promoted",
  "proxy-up": "phase-proxy-up",
  pooler: "phase-pooler",
  "first-success": "phase-first-success",
} as const satisfies Record<HopName, MetricName>;

/** Samples behind one injection's figures. */
export interface InjectionSamples {
  readonly write: number;
  readonly read: number;
  readonly all: number;
  /** Failed because the client itself did not send them. */
  readonly neverSent: number;
}

/** The flat list that targets are judged by, in order of injection, then of stream and part. */
export function listFigures(
  measured: Pick<
    Measurements,
    "injections" | "latency" | "ledgers" | "scheduleLagMs" | "primaries" | "secondAcknowledgements"
  >,
  samplesOf: (injection: InjectionMeasurement) => InjectionSamples,
  sinceLastInjection: readonly LedgerMeasurement[],
  circuitOf: (injection: InjectionMeasurement) => Circuit | null,
): NamedFigure[] {
  return [
    ...measured.injections.flatMap((injection) => [
      ...ofInjection(injection, samplesOf(injection)),
      ...ofCircuit(injection, circuitOf(injection)),
    ]),
    ...lostOutside(measured.ledgers, sinceLastInjection),
    ...twoPrimariesOutside(measured),
    ...primariesFigures(measured.primaries, measured.secondAcknowledgements),
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

function ofInjection(injection: InjectionMeasurement, samples: InjectionSamples): NamedFigure[] {
  const { fault } = injection;
  const of = injectionTitle(fault, injection.injection);
  const count = (value: number): Figure =>
    samples.all === 0 ? { kind: "withheld", reason: "no operation was recorded" } : { kind: "value", value };
  const figures: (readonly [MetricName, Figure, number])[] = [
    ["write-unavailability", injection.writeUnavailabilitySeconds, samples.write],
    ["read-unavailability", injection.readUnavailabilitySeconds, samples.read],
    ["time-to-full-redundancy", injection.timeToFullRedundancySeconds, 1],
    ["lost-writes", injection.lostWrites, samples.all],
    ["failed-but-present", injection.failedButPresent, samples.all],
    ["two-primaries", injection.twoPrimariesMs, 1],
    ["operations-failed", failedOf(injection, samples), samples.all],
    ["operations-unknown", count(injection.operationsUnknown), samples.all],
    ["operations-late", count(injection.operationsLate), samples.all],
    ...injection.hops.map(({ hop, tookSeconds }) => [hopMetrics[hop], tookSeconds, 1] as const),
  ];
  const kind = kindTitle(injection);
  return figures.map(([metric, figure, n]) => ({ metric, of, fault, kind, figure, n }));
}

/** What the client itself did not send, the cluster cannot have served; whether it would have is not known. */
function failedOf({ operationsFailed }: InjectionMeasurement, { all, neverSent }: InjectionSamples): Figure {
  if (all === 0) return { kind: "withheld", reason: "no operation was recorded" };
  return figureWithin(Math.max(0, operationsFailed - neverSent), operationsFailed);
}

function ofCircuit({ fault, role, injection }: InjectionMeasurement, circuit: Circuit | null): NamedFigure[] {
  if (circuit === null) return [];
  const where = {
    of: injectionTitle(fault, injection),
    fault,
    kind: kindTitle({ fault, role }),
    n: 1,
  };
  return [
    { metric: "circuit-open", ...where, figure: circuit.open },
    { metric: "circuit-closed", ...where, figure: circuit.closed },
  ];
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
