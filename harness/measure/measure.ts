import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/safety.ts";
import { measureBenchmark } from "./measure-benchmark.ts";
import { measureFaults } from "./measure-faults.ts";

/** Everything that follows from a recording. Pure: the same recording gives the same measurements, anywhere. */
export function measure(recording: Recording, safety: SafetyChecks): Measurements {
  const { benchmark, load } = recording.plan;
  if (benchmark !== null) return measureBenchmark(recording, benchmark, safety);
  if (load !== null) return measureFaults(recording, load, safety);
  throw new Error(`The plan of ${recording.plan.scenario.name} has neither load nor a benchmark.`);
}
