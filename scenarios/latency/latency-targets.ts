import type { Target } from "../../harness/model/target.ts";

/** The bound on the p99 and the three percentiles that the document states for one kind of statement, at a load that it does not state. */
export function latencyTargets(promise: {
  readonly id: string;
  /** What is promised to be quick: "INSERT". */
  readonly statement: string;
  readonly p99BelowMs: number;
  readonly statedMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly source: string;
  /** The stage at which it is judged, and how a title says that; left out: half of the capacity. */
  readonly at?: { readonly stage: string; readonly inWords: string };
}): readonly Target[] {
  const { id, statement, p99BelowMs, statedMs, source } = promise;
  const { stage, inWords } = promise.at ?? { stage: "50 % of capacity", inWords: "half of the capacity" };
  const common = { of: stage, statistic: "each", source } as const;
  return [
    {
      id,
      title: `${statement} p99 below ${p99BelowMs} ms at ${inWords}`,
      metric: "latency-p99",
      bound: { below: p99BelowMs },
      ...common,
    },
    ...(["p50", "p95", "p99"] as const).map((percentile): Target => ({
      id: `${id}-${percentile}`,
      title: `${statement} ${percentile} of ${statedMs[percentile]} ms at ${inWords}`,
      metric: `latency-${percentile}`,
      bound: { atMost: statedMs[percentile] },
      ...common,
    })),
  ];
}
