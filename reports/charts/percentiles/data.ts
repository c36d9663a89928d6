import { stageTitle } from "../../../harness/model/figure-names.ts";
import type { StageMeasurement } from "../../../harness/model/measurement.ts";
import type { RecordedStage } from "../../../harness/model/stage.ts";
import { nearestRank } from "../../../harness/stats/percentiles.ts";
import { steadySeconds } from "../../../harness/stats/steady-phase.ts";
import { type HistogramKind, mergeSeconds, valueAtRank } from "../../merge-seconds.ts";
import type { Run } from "../../run.ts";

/** The whole distribution of every stage. */
export interface PercentileData {
  /** Shares of operations for which it is drawn: ten per factor of ten of what lies above. */
  readonly shares: readonly number[];
  readonly stages: readonly StagePercentiles[];
}

/** Milliseconds at the first of the shares, as far as the sample allows. */
export interface StagePercentiles {
  readonly title: string;
  readonly n: number;
  readonly latency: readonly number[];
  readonly serviceTime: readonly number[];
  readonly lag: readonly number[];
}

export function collectPercentiles({ recording, measurements }: Run): PercentileData | null {
  const stages = recording.stages.flatMap((recorded) =>
    percentilesOf(
      recorded,
      measurements.stages.find(({ stage }) => stage.stage === recorded.stage.stage),
    ),
  );
  return stages.length === 0 ? null : { shares: PERCENTILE_SHARES, stages };
}

function percentilesOf(recorded: RecordedStage, measured: StageMeasurement | undefined): StagePercentiles[] {
  const steady = steadySeconds(recorded);
  /** `beyond` operations took longer than any in the histogram. */
  const of = (kind: HistogramKind, beyond = 0): { n: number; ms: number[] } => {
    const histogram = mergeSeconds(steady, kind);
    const n = histogram.totalCount + beyond;
    const shares = PERCENTILE_SHARES.filter(
      (share) => n * (1 - share) >= SAMPLES_ABOVE && nearestRank(100 * share, n) <= histogram.totalCount,
    );
    return {
      n,
      ms: shares.map((share) => Math.round(valueAtRank(histogram, nearestRank(100 * share, n))) / 1000),
    };
  };
  const notOk = measured?.operations[0]?.outcomes;
  const latency = of("latency", notOk === undefined ? 0 : notOk.failed + notOk.unknown);
  if (latency.ms.length === 0) return [];
  const title = measured?.title ?? stageTitle(recorded.stage);
  return [{ title, n: latency.n, latency: latency.ms, serviceTime: of("serviceTime").ms, lag: of("lag").ms }];
}

/** The distribution is drawn as far as so many operations lie above. */
const SAMPLES_ABOVE = 10;

export const PERCENTILE_SHARES: readonly number[] = Array.from(
  { length: 51 },
  (_, step) => 1 - 10 ** (-step / 10),
);
