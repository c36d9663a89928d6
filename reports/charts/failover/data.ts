import { bandFor } from "../../../harness/model/advice.ts";
import { kindTitle } from "../../../harness/model/figure-names.ts";
import type { Figure } from "../../../harness/model/measurement.ts";
import { type MetricName, metrics } from "../../../harness/model/metric.ts";
import { lowestOf } from "../../../harness/stats/figures.ts";
import { boundValue, describeBound } from "../../describe-plan.ts";
import type { Run } from "../../run.ts";

/** Unavailability of every injection, by fault and victim's role, beside what was predicted and promised. */
export interface FailoverData {
  readonly faults: readonly {
    readonly fault: string;
    readonly band: readonly [low: number, high: number] | null;
    readonly writes: readonly Dot[];
    readonly reads: readonly Dot[];
  }[];
  readonly targets: readonly { readonly label: string; readonly seconds: number }[];
}

export interface Dot {
  readonly injection: number;
  readonly seconds: number;
  /** Only a bound is known: it had not ended when the watching ended, or the client did not look all the time. */
  readonly atLeast: boolean;
  /** The upper bound, where there is one. */
  readonly atMost: number | null;
}

export function collectFailover({ measurements, recording }: Run): FailoverData | null {
  if (measurements.faults.length === 0) return null;
  return {
    faults: measurements.faults.map(({ fault, role }) => {
      const mine = measurements.injections.filter((one) => one.fault === fault && one.role === role);
      const band = bandFor(recording.plan.advice, { metric: "write-unavailability", fault, role });
      return {
        fault: kindTitle({ fault, role }),
        band: band === undefined ? null : [band.lowSeconds, band.highSeconds],
        writes: mine.flatMap((one) => dot(one.injection, one.writeUnavailabilitySeconds)),
        reads: mine.flatMap((one) => dot(one.injection, one.readUnavailabilitySeconds)),
      };
    }),
    // A line runs through all faults: what is promised of one of them alone is in the table of targets.
    targets: recording.plan.targets
      .filter(({ metric, of }) => of === undefined && UNAVAILABILITY.has(metric))
      .map((target) => ({
        label: `${target.id} ${describeBound(target)} (${metrics[target.metric].title.toLowerCase()})`,
        seconds: boundValue(target),
      })),
  };
}

function dot(injection: number, figure: Figure): Dot[] {
  if (figure.kind === "withheld") return [];
  const atMost = figure.kind === "between" ? figure.high : null;
  return [{ injection, seconds: lowestOf(figure), atLeast: figure.kind !== "value", atMost }];
}

const UNAVAILABILITY: ReadonlySet<MetricName> = new Set(["write-unavailability", "read-unavailability"]);
