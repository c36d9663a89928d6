import type { Fault } from "../../model/fault.ts";
import { movingShards } from "./moving-shards.ts";

export const rebalance: Fault = {
  ...movingShards,
  name: "rebalance",
  title: "Shards are spread over all worker groups",
  mechanism:
    "Every worker group that is not in use is made known to the coordinators, all of them at once, and shards are moved by logical replication, while they are read and written, until each group there is holds as many. The servers have run since the cluster's start: how long it takes to get and install them is no part of it.",
  why: "What an operator does after a cluster has grown, or shrunk, by several workers: it should cost some speed for a while, and no service.",
  actsOn: "primary",
  movesShards: { on: "coordinators" },
  inject: async ({ shards }, _victim, signal) => {
    await shards.cleanUp();
    const { inUse, idle } = await shards.read();
    await shards.spreadOver([...inUse, ...idle], signal);
  },
  tookHold: async ({ shards }) => {
    const { even, idle } = await shards.read();
    return even && idle.length === 0;
  },
};
