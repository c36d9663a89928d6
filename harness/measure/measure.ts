import type { PlannedBenchmark } from "../model/benchmark.ts";
import type { Measurements } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/checker.ts";
import { findingFigures } from "./finding-figures.ts";
import { disturbanceFigures, measureDisturbances } from "./measure-disturbances.ts";
import { measureBenchmark } from "./measure-benchmark.ts";
import { loadingFigures, measureLoading } from "./measure-loading.ts";
import { measurePlacement, placementFigures } from "./measure-placement.ts";
import { measureStartUps, startUpFigures } from "./measure-start-up.ts";
import { measureFaults } from "./measure-faults.ts";

/** Everything that follows from a recording. Pure: the same recording gives the same measurements, anywhere. */
export function measure(recording: Recording, safety: SafetyChecks): Measurements {
  const measured = measureLoad(recording, safety);
  const placements = recording.placements?.map(measurePlacement);
  const loadings = measureLoading(recording.events);
  const startUps = measureStartUps(recording);
  return {
    ...measured,
    ...(placements === undefined ? {} : { placements }),
    ...(loadings.length === 0 ? {} : { loadings }),
    startUps,
    figures: [
      ...measured.figures,
      ...placementFigures(placements ?? []),
      ...loadingFigures(loadings, measured.stages),
      ...startUpFigures(startUps),
    ],
    ...(safety.copies.length === 0 ? {} : { copies: safety.copies }),
  };
}

function measureLoad(recording: Recording, safety: SafetyChecks): Measurements {
  const { benchmark, load } = recording.plan;
  const ofLoad = benchmark === null ? null : measureBenchmark(recording, benchmark, safety);
  const ofFaults = load === null ? null : measureFaults(recording, load, safety);
  if (benchmark !== null && ofLoad !== null && ofFaults !== null)
    return together(ofLoad, ofFaults, recording, benchmark);
  const measured = ofLoad ?? ofFaults;
  if (measured === null)
    throw new Error(`The plan of ${recording.plan.scenario.name} has neither load nor a benchmark.`);
  return measured;
}

/** Stages, and faults under the load that was sustained after them. What both measure of the whole run is there once. */
function together(
  ofLoad: Measurements,
  ofFaults: Measurements,
  { stages, exactAnswers }: Recording,
  benchmark: PlannedBenchmark,
): Measurements {
  const { injections, checks = [] } = ofFaults;
  // That of the whole run would count the injections' once more.
  const told = new Set<MetricName>(["two-primaries", ...findingFigures(checks).map(({ metric }) => metric)]);
  const disturbances = measureDisturbances(stages, injections, benchmark.client);
  const figures = [
    ...ofFaults.figures,
    ...ofLoad.figures.filter(({ metric }) => !told.has(metric)),
    ...disturbanceFigures(disturbances, stages, injections, benchmark.client, exactAnswers),
  ];
  return {
    ...ofFaults,
    stages: ofLoad.stages,
    capacities: ofLoad.capacities,
    disturbances,
    figures,
    gaps: [...new Set([...ofFaults.gaps, ...ofLoad.gaps])],
  };
}
