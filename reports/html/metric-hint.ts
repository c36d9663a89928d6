import { metrics, type MetricName } from "../../harness/model/metric.ts";

/** A metric's definition for a tooltip: what it is, and what it is not. */
export function metricHint(name: MetricName): string {
  const { definition, isNot } = metrics[name];
  return `${definition} It is not: ${isNot}`;
}
