import { UsageError } from "../model/errors.ts";
import type { Fault } from "../model/fault.ts";
import { crashPostgres } from "./crash-postgres.ts";
import { checkpointStorm } from "./checkpoint-storm.ts";
import { cutLink } from "./cut-link.ts";
import { isolateNode } from "./isolate-node.ts";
import { etcdMoveLeader } from "./etcd-move-leader.ts";
import { killNode } from "./kill-node.ts";
import { longQuery } from "./long-query.ts";
import { pauseNode } from "./pause-node.ts";
import { slowNetwork200, slowNetwork50 } from "./slow-network.ts";
import { starveCpu } from "./starve-cpu.ts";
import { addWorker } from "./operations/add-worker.ts";
import { drainWorker } from "./operations/drain-worker.ts";
import { rebalance } from "./operations/rebalance.ts";
import { reload } from "./operations/reload.ts";
import { rollingRestart } from "./operations/rolling-restart.ts";
import { switchover } from "./operations/switchover.ts";

/** Every fault and every cluster operation, by the name that scenarios use. */
export const faultCatalogue = {
  "crash-postgres": crashPostgres,
  "kill-node": killNode,
  "pause-node": pauseNode,
  "isolate-node": isolateNode,
  "cut-link": cutLink,
  "slow-network-50ms": slowNetwork50,
  "slow-network-200ms": slowNetwork200,
  "starve-cpu": starveCpu,
  "checkpoint-storm": checkpointStorm,
  "long-query": longQuery,
  "etcd-move-leader": etcdMoveLeader,
  // Cluster operations.
  switchover,
  "rolling-restart": rollingRestart,
  reload,
  "add-worker": addWorker,
  "drain-worker": drainWorker,
  rebalance,
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faultCatalogue;

/** The fault or cluster operation of that name, or a UsageError that lists the names there are. */
export function faultNamed(name: string): Fault {
  if (Object.hasOwn(faultCatalogue, name)) return faultCatalogue[name as FaultName];
  const known = Object.keys(faultCatalogue).join(", ");
  throw new UsageError([{ where: "fault", message: `Expected one of ${known}; found "${name}".` }]);
}
