import type { Fault } from "../../model/fault.ts";
import { moveInCommands } from "../../model/shards.ts";

/** What every operation that moves shards has in common. */
export const movingShards = {
  kind: "operation",
  failureClass: "rescaling",
  needs: [],
  needsPatroni: false,
  healing: "at-once",
  budgetInCommands: moveInCommands,
  // What was moved stays where it is; what is half done is taken back.
  heal: ({ shards }) => shards.cleanUp(),
} as const satisfies Partial<Fault>;
