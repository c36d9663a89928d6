import type { Measurements } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import type { SafetyChecks } from "../model/safety.ts";
import { measureFaults } from "./measure-faults.ts";

/** Everything that follows from a recording. Pure: the same recording gives the same measurements, anywhere. */
export function measure(recording: Recording, safety: SafetyChecks): Measurements {
  const { load } = recording.plan;
  if (load === null) throw new Error("not yet");
  return measureFaults(recording, load, safety);
}
