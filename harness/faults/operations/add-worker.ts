import { HarnessError } from "../../model/errors.ts";
import type { Fault } from "../../model/fault.ts";
import { movingShards } from "./moving-shards.ts";

export const addWorker: Fault = {
  ...movingShards,
  name: "add-worker",
  title: "A worker group is added",
  mechanism:
    "The first worker group that is not in use is made known to the coordinators (with fdw as a foreign server, with Citus by shouldhaveshards), and shards are moved to it by logical replication, while they are read and written, until each group holds as many. Its servers have run since the cluster's start: how long it takes to get and install one is no part of it.",
  why: "What an operator does when the workers are full: it should cost some speed for a while, and no service.",
  actsOn: "primary",
  movesShards: { on: "coordinators" },
  spareGroups: 1,
  inject: async ({ shards }, _victim, signal) => {
    await shards.cleanUp();
    const { inUse, idle } = await shards.read();
    const [next] = idle;
    if (next === undefined)
      throw new HarnessError({
        code: "no-spare-group",
        message: `Expected a worker group that is not in use, found all in use: ${inUse.join(", ")}.`,
        hint: "Start more of them: --set workers.spareGroups=...",
      });
    await shards.spreadOver([...inUse, next], signal);
  },
  tookHold: async ({ shards }) => (await shards.read()).even,
};
