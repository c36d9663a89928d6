import type { ResourceReading } from "../../harness/model/resource.ts";
import type { Checkpoint } from "./benchmark-data.ts";

/** When a primary was seen to have begun a checkpoint, to one reading. */
export function collectCheckpoints(resources: readonly ResourceReading[]): Checkpoint[] {
  return resources.flatMap((reading) =>
    reading.kind === "postgres" && reading.primary && reading.checkpoints > 0
      ? [{ at: reading.atUs / 1_000_000, member: reading.member }]
      : [],
  );
}
