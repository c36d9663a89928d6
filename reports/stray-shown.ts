import type { StrayOutage } from "../harness/model/measurement.ts";
import { lateShareOfTimeout } from "../harness/model/sample.ts";
import { knownFigures, highestOf, lowestOf } from "../harness/stats/figures.ts";
import type { Run } from "./run.ts";

/**
 * The outages outside the injections that a reader should see: all in which something was seen to go unserved, and
 * stretches in which the client did not look for as long as it takes to call it standing still.
 */
export function strayShown({ recording, measurements }: Run): readonly StrayOutage[] {
  const stillFromSeconds = ((recording.plan.load?.writeProbe.timeoutMs ?? 0) * lateShareOfTimeout) / 1000;
  return measurements.stray.filter(({ seconds }) =>
    knownFigures([seconds]).some((figure) => lowestOf(figure) > 0 || highestOf(figure) > stillFromSeconds),
  );
}
