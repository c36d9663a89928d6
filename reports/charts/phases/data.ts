import { kindTitle } from "../../../harness/model/figure-names.ts";
import { counted } from "../../../harness/model/format-value.ts";
import {
  type Figure,
  type HopName,
  hopNames,
  type InjectionMeasurement,
} from "../../../harness/model/measurement.ts";
import { type MetricName, metrics } from "../../../harness/model/metric.ts";
import { numberOf } from "../../../harness/stats/figures.ts";
import type { Run } from "../../run.ts";

/** The hops of every failover, and their medians per fault. */
export interface PhaseData {
  /** Titles of the hops, in order. */
  readonly hops: readonly string[];
  readonly injections: readonly PhaseRow[];
  readonly medians: readonly PhaseRow[];
}

export interface PhaseRow {
  readonly label: string;
  readonly hops: readonly {
    readonly seconds: number | null;
    /** It had not ended when the watching ended. */
    readonly atLeast: boolean;
    /** It lies between `seconds` and this; null: it is known, or not ended. */
    readonly atMost: number | null;
    readonly evidence: string;
  }[];
}

export function collectPhases(run: Run): PhaseData | null {
  const { injections, faults } = run.measurements;
  if (injections.length === 0) return null;
  const columns = hopsOf(injections);
  return {
    hops: columns.map(({ title }) => title),
    injections: injections.map((one) => ({
      label: `${one.injection} ${one.fault}`,
      hops: columns.map(({ hop }) => {
        const found = one.hops.find((step) => step.hop === hop);
        return {
          ...stretchOf(found?.tookSeconds),
          evidence: found?.evidence ?? "not measured",
        };
      }),
    })),
    medians: faults.map((fault) => ({
      label: kindTitle(fault),
      hops: columns.map(({ hop }) => ({
        ...stretchOf(fault.hopMedianSeconds[hop]),
        evidence: medianOf(
          hop,
          injections.filter((one) => kindTitle(one) === kindTitle(fault)),
        ),
      })),
    })),
  };
}

function stretchOf(figure: Figure | undefined): Omit<PhaseRow["hops"][number], "evidence"> {
  return {
    seconds: figure === undefined ? null : numberOf(figure),
    atLeast: figure?.kind === "at-least",
    atMost: figure?.kind === "between" ? figure.high : null,
  };
}

/** A hop that nobody saw in an injection is not in the median. */
function medianOf(hop: HopName, injections: readonly InjectionMeasurement[]): string {
  const seen = injections.filter(({ hops }) =>
    hops.some((step) => step.hop === hop && step.tookSeconds.kind !== "withheld"),
  ).length;
  const all = counted(injections.length, "injection");
  return seen === injections.length
    ? `median of ${all}`
    : `median of the ${seen} of ${all} in which it was seen`;
}

/** Those that any of the failovers has: nothing stands between the coordinators and a worker. */
export function hopsOf(injections: readonly InjectionMeasurement[]): readonly HopColumn[] {
  return HOPS.filter(({ hop }) => injections.some(({ hops }) => hops.some((step) => step.hop === hop)));
}

interface HopColumn {
  readonly hop: HopName;
  readonly metric: MetricName;
  readonly title: string;
}

/** The hops of a failover in order, with the metric that defines each. */
export const HOPS: readonly HopColumn[] = hopNames.map((hop) => {
  const metric = `phase-${hop}` as const;
  return { hop, metric, title: metrics[metric].title };
});
