import { kindTitle } from "../../../harness/model/figure-names.ts";
import { type Figure, type HopName, hopNames } from "../../../harness/model/measurement.ts";
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
    readonly evidence: string;
  }[];
}

export function collectPhases(run: Run): PhaseData | null {
  const { injections, faults } = run.measurements;
  if (injections.length === 0) return null;
  return {
    hops: HOPS.map(({ title }) => title),
    injections: injections.map((one) => ({
      label: `${one.injection} ${one.fault}`,
      hops: HOPS.map(({ hop }) => {
        const found = one.hops.find((step) => step.hop === hop);
        return {
          seconds: found === undefined ? null : numberOf(found.tookSeconds),
          atLeast: found !== undefined && isBounded(found.tookSeconds),
          evidence: found?.evidence ?? "not measured",
        };
      }),
    })),
    medians: faults.map((fault) => ({
      label: kindTitle(fault),
      hops: HOPS.map(({ hop }) => ({
        seconds: numberOf(fault.hopMedianSeconds[hop]),
        atLeast: isBounded(fault.hopMedianSeconds[hop]),
        evidence: `median of ${fault.writeUnavailabilitySeconds.n} injections`,
      })),
    })),
  };
}

/** Only a bound is known of it. */
function isBounded({ kind }: Figure): boolean {
  return kind === "at-least" || kind === "between";
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
