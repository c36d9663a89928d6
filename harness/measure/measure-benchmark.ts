import type { PlannedBenchmark } from "../model/benchmark.ts";
import { groupsOf } from "../model/layout.ts";
import type { Figure, Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import { listBenchmarkFigures } from "./list-benchmark-figures.ts";
import { listBenchmarkGaps } from "./list-benchmark-gaps.ts";
import { measureCapacity } from "./measure-capacity.ts";
import { measureStage } from "./measure-stage.ts";

/** Everything that follows from the recording of a benchmark. */
export function measureBenchmark(
  recording: Recording,
  benchmark: PlannedBenchmark,
  safety: SafetyChecks,
): Measurements {
  const stages = recording.stages.map((stage) =>
    measureStage(stage, benchmark.client, recording.resources, recording.exactAnswers),
  );
  const none: Figure = {
    kind: "withheld",
    reason: "there are no probes in a benchmark; each stage has its own",
  };
  const measured = {
    injections: [],
    stray: [],
    faults: [],
    latency: [],
    ledgers: safety.whole,
    scheduleLagMs: { n: 0, p50: none, p99: none, max: none },
    stages,
    capacities: benchmark.variants.flatMap((variant) => measureCapacity(benchmark, variant, stages)),
    invariants: recording.invariants,
    primaries: safety.primaries,
    secondAcknowledgements: safety.secondAcknowledgements,
    checks: safety.checks,
  };
  return {
    ...measured,
    figures: listBenchmarkFigures(measured, recording.resources, recording.stages, workersOf(benchmark)),
    gaps: listBenchmarkGaps(recording, benchmark, measured, safety.gaps),
  };
}

/** Every worker of any variant: the same name is a worker in all that have it. */
function workersOf({ variants }: PlannedBenchmark): readonly string[] {
  return variants.flatMap(({ topology }) =>
    groupsOf(topology).flatMap(({ role, members }) => (role === "worker" ? members : [])),
  );
}
