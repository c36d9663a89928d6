import type { Figure, StageMeasurement } from "../../../harness/model/measurement.ts";
import { highestOf, lowestOf, numberOf } from "../../../harness/stats/figures.ts";
import { boundValue, describeBound } from "../../describe-plan.ts";
import type { Run } from "../../run.ts";

/** Latency over the rate that was offered. */
export interface LoadData {
  /** One per variant, or per run of a comparison. */
  readonly groups: readonly {
    readonly name: string;
    readonly points: readonly LoadPoint[];
    /** The capacity that was found, op/s: at least `low`, less than `high` (null: no rate was refused); null: none. */
    readonly capacity: { readonly low: number; readonly high: number | null } | null;
  }[];
  /** Bounds on latency that targets name. */
  readonly targets: readonly {
    readonly label: string;
    readonly ms: number;
    readonly percentile: PercentileName;
  }[];
}

export interface LoadPoint {
  readonly title: string;
  /** A closed shape has no rate of its own: it stands at its throughput, and no line goes through it. */
  readonly closed: boolean;
  readonly offered: number;
  readonly throughput: number;
  /** Withheld ones are null. */
  readonly latencyMs: Readonly<Record<PercentileName, number | null>>;
  /** Of which only a lower bound is known. */
  readonly atLeast: readonly PercentileName[];
  /** Why its figures are not to be judged by; null when they are. */
  readonly doubt: string | null;
}

export type PercentileName = (typeof PERCENTILES)[number];
export const PERCENTILES = ["p50", "p95", "p99"] as const;

/** null: no stage was offered a rate to draw latency over. */
export function collectLoad(run: Run): LoadData | null {
  const open = run.measurements.stages.some(({ stage }) => stage.shape.kind === "open");
  return open ? loadOf(run) : null;
}

/** One group of points per variant; several runs of a comparison are one group each and variant. */
export function loadOf(run: Run, groupName = (variant: string): string => variant): LoadData {
  const { recording, measurements } = run;
  const variants = recording.plan.benchmark?.variants ?? [];
  return {
    groups: variants.map(({ name }) => ({
      name: groupName(name),
      points: measurements.stages.filter(({ stage }) => stage.variant === name).flatMap(pointOf),
      capacity: capacityOf(measurements.capacities.find(({ variant }) => variant === name)?.perSecond),
    })),
    targets: recording.plan.targets.flatMap((target) => {
      const percentile = PERCENTILES.find((name) => target.metric === `latency-${name}`);
      if (percentile === undefined) return [];
      const label = `${target.id}: ${percentile} ${describeBound(target).replace(/^each /, "")}`;
      return [{ label, ms: boundValue(target), percentile }];
    }),
  };
}

function capacityOf(figure: Figure | undefined): LoadData["groups"][number]["capacity"] {
  if (figure === undefined || figure.kind === "withheld") return null;
  const most = highestOf(figure);
  return { low: lowestOf(figure), high: most === Infinity ? null : most };
}

function pointOf(measured: StageMeasurement): LoadPoint[] {
  const offered = rounded(measured.offeredPerSecond);
  const throughput = rounded(measured.throughputPerSecond);
  const [all] = measured.operations;
  if (offered === null || throughput === null || all === undefined) return [];
  const closed = measured.stage.shape.kind === "closed";
  const { p50, p95, p99 } = all.latencyMs;
  return [
    {
      title: measured.title,
      closed,
      offered: closed ? throughput : offered,
      throughput,
      latencyMs: { p50: fine(p50), p95: fine(p95), p99: fine(p99) },
      atLeast: PERCENTILES.filter((name) => all.latencyMs[name].kind === "at-least"),
      doubt: measured.problem ?? measured.client.clientBound,
    },
  ];
}

function rounded(figure: Figure | undefined): number | null {
  const number = figure === undefined ? null : numberOf(figure);
  return number === null ? null : Math.round(number * 10) / 10;
}

function fine(figure: Figure): number | null {
  const number = numberOf(figure);
  return number === null ? null : Math.round(number * 1000) / 1000;
}
