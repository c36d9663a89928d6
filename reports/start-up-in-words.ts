import { counted, formatNumber, formatValue } from "../harness/model/format-value.ts";
import type { StartUpMeasurement } from "../harness/model/start-up.ts";
import type { Run } from "./run.ts";

/** How long each cluster took to come up, and what it held in memory then; empty: none became ready. */
export function startUpsInWords({ measurements }: Run): string {
  return (measurements.startUps ?? []).map(startUpInWords).join("\n");
}

function startUpInWords(startUp: StartUpMeasurement): string {
  const { variant, workerGroups, seconds, fillingSeconds, memory } = startUp;
  const of = variant === "" ? "" : `${variant}: `;
  const groups = workerGroups === 0 ? "" : ` with ${counted(workerGroups, "worker group")}`;
  const filling =
    fillingSeconds === 0 ? "" : `, and ${formatValue(fillingSeconds, "s")} went into filling tables`;
  const took = `${of}The cluster was ready after ${formatValue(seconds, "s")}${groups}${filling}`;
  if (memory === null) return `${took}.`;
  const roles = memory.roles.map(({ role, containers, totalMb, mostMb }) =>
    containers === 1
      ? `${role} ${formatValue(totalMb, "MiB")}`
      : `${role} ${formatValue(totalMb, "MiB")} (${containers}, at most ${formatNumber(mostMb)} each)`,
  );
  return `${took}; its memory was ${formatValue(memory.totalMb, "MiB")} then: ${roles.join(", ")}.`;
}
