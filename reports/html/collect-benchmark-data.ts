import type { StageMeasurement } from "../../harness/model/measurement.ts";
import type { RecordedStage } from "../../harness/model/stage.ts";
import { nearestRank } from "../../harness/stats/percentiles.ts";
import { steadySeconds } from "../../harness/stats/steady-phase.ts";
import { mergeSeconds, valueAtRank, type HistogramKind } from "../merge-seconds.ts";
import type { Run } from "../run.ts";
import { runLengthUs } from "../run-length.ts";
import { stageTitle } from "../../harness/model/figure-names.ts";
import { PERCENTILE_SHARES, type BenchmarkData, type PercentileData } from "./benchmark-data.ts";
import { collectLoadData } from "./collect-load-data.ts";
import { collectResourceData } from "./collect-resource-data.ts";
import { collectStageTimeline } from "./collect-stage-timeline.ts";
import { collectWaits } from "./collect-waits.ts";

/** Everything that the script of a benchmark's page draws. */
export function collectBenchmarkData(run: Run): BenchmarkData {
  const { recording, measurements } = run;
  const widthUs = bucketWidthUs(runLengthUs(recording));
  return {
    load: collectLoadData(run),
    percentiles: recording.stages.flatMap((stage) =>
      percentilesOf(
        stage,
        measurements.stages.find((one) => one.stage.stage === stage.stage.stage),
      ),
    ),
    timeline: collectStageTimeline(run, widthUs),
    resources: collectResourceData(recording, widthUs),
    waits: collectWaits(run),
  };
}

function percentilesOf(recorded: RecordedStage, measured: StageMeasurement | undefined): PercentileData[] {
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

/** A second, or as much wider as keeps a run below some 1,200 points. */
function bucketWidthUs(lengthUs: number): number {
  return Math.max(1, Math.ceil(lengthUs / 1_200_000_000)) * 1_000_000;
}

/** The distribution is drawn as far as so many operations lie above. */
const SAMPLES_ABOVE = 10;
