import { HarnessError } from "../../model/errors.ts";
import type { Fault } from "../../model/fault.ts";
import { movingShards } from "./moving-shards.ts";

export const drainWorker: Fault = {
  ...movingShards,
  name: "drain-worker",
  title: "A worker group is drained",
  mechanism:
    "All shards of one worker group are moved to the others by logical replication, while they are read and written, and the group is taken out of use. Its servers go on running.",
  why: "What an operator does before a worker is removed or replaced: it should cost some speed for a while, and no service.",
  actsOn: "every member",
  movesShards: { on: "one worker group" },
  inject: async ({ shards }, { group }, signal) => {
    await shards.cleanUp();
    const { inUse } = await shards.read();
    if (!inUse.includes(group))
      throw new HarnessError({
        code: "group-not-in-use",
        message: `Expected ${group} to hold shards that can be moved away, found that it is not in use.`,
      });
    const others = inUse.filter((name) => name !== group);
    if (others.length === 0)
      throw new HarnessError({
        code: "no-other-group",
        message: `Expected another worker group in use than ${group} to take its shards, found none.`,
      });
    await shards.spreadOver(others, signal);
  },
  tookHold: async ({ shards }, { group }) => {
    const { inUse, even } = await shards.read();
    return even && !inUse.includes(group);
  },
};
