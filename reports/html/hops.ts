import type { HopName } from "../../harness/model/measurement.ts";
import { metrics, type MetricName } from "../../harness/model/metric.ts";

export interface HopColumn {
  readonly hop: HopName;
  readonly metric: MetricName;
  readonly title: string;
}

/** The hops of a failover in order, with the metric that defines each. */
export const HOPS: readonly HopColumn[] = (
  [
    ["noticed", "phase-noticed"],
    ["lease-gone", "phase-lease-gone"],
    ["promoted", "phase-promoted"],
    ["proxy-up", "phase-proxy-up"],
    ["pooler", "phase-pooler"],
    ["first-success", "phase-first-success"],
  ] as const
).map(([hop, metric]) => ({ hop, metric, title: metrics[metric].title }));
