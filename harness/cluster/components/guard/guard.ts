import {
  GUARD_KEYS,
  guardedGroups,
  HEARTBEAT_PORT,
  keysFolder,
  numbered,
  PATRONI_KEYS,
} from "../../../model/layout.ts";
import type { GuardProcessSpec } from "../../../guard/protocol/guard-spec.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import {
  nodesOf,
  plainNodes,
  type Component,
  type ComponentRequest,
  type SeenCluster,
} from "../component.ts";
import { ETCD_CLIENT_PORT } from "../etcd/etcd.ts";

/** As long as any other part of a cluster may take to come up. */
const START_SECONDS = 180;

/**
 * The leader guard, one beside each member of etcd, which is the only one that it talks to: a guard that is cut off with its member
 * has no quorum, and does nothing. With small heaps, because it keeps nothing.
 */
export const guard: Component = {
  nodes: ({ guard, etcd }) => (guard.enabled ? plainNodes("guard", numbered("guard", etcd.members)) : []),
  image: "agent",
  configure,
  gaps,
  drawn: { title: "leader guard", onTheWay: null },
  packages: [],
  versions: {},
};

function configure({ topology, layout, node }: ComponentRequest): ComponentConfig {
  const guards = nodesOf(layout, "guard");
  const { goneAfterMs, askEveryMs, notTwiceWithinSeconds, skipOldLeader, dryRun } = topology.guard;
  const spec: GuardProcessSpec = {
    name: node.name,
    guards,
    etcd: { host: nodesOf(layout, "etcd")[guards.indexOf(node.name)] ?? "etcd-1", port: ETCD_CLIENT_PORT },
    groups: guardedGroups(topology).map(({ name: group, members }) => ({
      group,
      patroniFolder: keysFolder(PATRONI_KEYS, topology, group),
      guardFolder: keysFolder(GUARD_KEYS, topology, group),
      members: members.map((member) => ({
        name: member,
        host: member,
        restPort: topology.patroni.restPort,
        postgresPort: topology.postgres.port,
        heartbeatPort: HEARTBEAT_PORT,
      })),
    })),
    settings: {
      goneAfterMs,
      askEveryMs,
      notTwiceWithinSeconds,
      skipOldLeader,
      dryRun,
      startSeconds: START_SECONDS,
    },
  };
  return {
    command: ["--max-old-space-size=24", "--max-semi-space-size=1", "/opt/dpg-bench/bin/guard.cjs"],
    environment: { DPG_GUARD: JSON.stringify(spec) },
    files: [],
  };
}

/** Every guard has passed its checks, and looks at every group that is guarded; and the next loss would be answered as the last one was. */
function gaps({ topology, layout, view }: SeenCluster): string[] {
  const groups = guardedGroups(topology).map(({ name }) => name);
  const { notTwiceWithinSeconds: rest } = topology.guard;
  return nodesOf(layout, "guard")
    .flatMap((name) => {
      const unwatched = groups.filter((group) => view.guards[name]?.[group] !== true);
      return unwatched.length === 0 ? [] : [`guard: ${name} does not look at ${unwatched.join(", ")}`];
    })
    .concat(
      groups
        .filter((group) => view.guardsResting[group] === true)
        .map(
          (group) =>
            `guard: the leader key of ${group} was deleted less than ${rest} s ago (guard.notTwiceWithinSeconds)`,
        ),
    );
}
