import { type HopName, hopNames } from "../../harness/model/measurement.ts";
import { metrics, type MetricName } from "../../harness/model/metric.ts";

export interface HopColumn {
  readonly hop: HopName;
  readonly metric: MetricName;
  readonly title: string;
}

/** The hops of a failover in order, with the metric that defines each. */
export const HOPS: readonly HopColumn[] = hopNames.map((hop) => {
  const metric = `phase-${hop}` as const;
  return { hop, metric, title: metrics[metric].title };
});
