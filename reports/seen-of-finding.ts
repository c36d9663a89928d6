import { failureTraits } from "../harness/model/advice.ts";
import { formatFigure } from "../harness/model/format-value.ts";
import type { InjectionMeasurement } from "../harness/model/measurement.ts";
import { lowestOf } from "../harness/stats/figures.ts";
import type { Run } from "./run.ts";

/** Why writes stopped though no primary was hit, in one sentence; null where they did not. D14 says it of the configuration. */
export function whyWritesStopped({ measurements }: Run): string | null {
  const stopped = measurements.injections.filter(stoppedWrites);
  if (stopped.length === 0) return null;
  const times = stopped.map(({ injection, fault, victim, writeUnavailabilitySeconds: writes }) => {
    return `for ${formatFigure(writes, "s")} in injection ${injection} (${fault} on ${victim})`;
  });
  return (
    `Writes stopped though the primary was not hit, ${times.join(", ")}: the victim was the one synchronous standby, and ` +
    "every COMMIT waits for it until Patroni takes it out of synchronous_standby_names (D14)."
  );
}

/** What this run saw of a finding, in sentences; none where it looked at nothing of the kind. */
export function seenOfFinding(id: string, run: Run): string[] {
  switch (id) {
    case "D13":
      return circuitsSeen(run);
    case "D14":
      return [whyWritesStopped(run)].filter((sentence) => sentence !== null);
    default:
      return [];
  }
}

function stoppedWrites({ role, writeUnavailabilitySeconds: writes }: InjectionMeasurement): boolean {
  return role === "synchronous standby" && writes.kind !== "withheld" && lowestOf(writes) > 0;
}

/** Only of servers that hang: one that refuses is no evidence for D13. */
function circuitsSeen({ recording, measurements }: Run): string[] {
  return measurements.injections.flatMap(({ injection, fault, victim }) => {
    const planned = recording.plan.injections.find((each) => each.injection === injection);
    const hangs = planned !== undefined && failureTraits[planned.failureClass].hangs;
    const open = measurements.figures.find(
      ({ metric, of }) => metric === "circuit-open" && of === `${fault}, injection ${injection}`,
    )?.figure;
    if (!hangs || open === undefined || open.kind === "withheld") return [];
    return [
      `HAProxy marked ${victim} down ${formatFigure(open, "s")} after injection ${injection} (${fault}) began.`,
    ];
  });
}
