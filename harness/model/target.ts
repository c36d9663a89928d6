import type { MetricName } from "./metric.ts";

/** Which figure of a metric's values a target bounds. `each`: every single value (the strictest). */
export type Statistic = "each" | "median" | "p95" | "p99" | "sum";

/** A bound on a measurement, with its source. */
export interface Target {
  /** `T1`, `RPO-0`, or the user's own. */
  readonly id: string;
  readonly title: string;
  readonly metric: MetricName;
  /**
   * Only the figure of this name, such as "write-probe, before" for latency, or those of a fault on victims of one role,
   * such as "kill-node, etcd follower"; all figures of the metric without it.
   */
  readonly of?: string | undefined;
  readonly statistic: Statistic;
  /** In the metric's unit. `below` is exclusive, as "< 10 s" is. */
  readonly bound: { readonly below: number } | { readonly atMost: number } | { readonly atLeast: number };
  /** Where the promise stands, such as "Architecture Overview, Targets: T1". */
  readonly source: string;
}
