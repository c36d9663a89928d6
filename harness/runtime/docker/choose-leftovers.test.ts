import { describe, expect, it } from "vitest";
import type { ClusterMode, LeftoverScope } from "../container-runtime.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { clusterLabels } from "./labels.ts";
import type { LabelledThing } from "./list-things.ts";
import { groupIntoClusters } from "./list-clusters.ts";

const things: readonly LabelledThing[] = [
  ...cluster("dead", { pid: 1, mode: "run" }),
  ...cluster("alive", { pid: 2, mode: "run" }),
  ...cluster("users", { pid: 1, mode: "interactive" }),
  ...cluster("elsewhere-running", { pid: 1, mode: "run", bootId: "other" }),
  ...cluster("elsewhere-ended", { pid: 1, mode: "run", bootId: "other", isRunning: false }),
  { kind: "container", id: "theirs", name: "theirs", labels: {}, isRunning: true, status: "" },
];

describe("chooseLeftovers", () => {
  it("takes a dead run's containers and network, and one from elsewhere of which nothing runs", () => {
    expect(names({ scope: "orphans" })).toEqual([
      "dead-node",
      "dead-network",
      "elsewhere-ended-node",
      "elsewhere-ended-network",
    ]);
  });

  it("takes all that is ours when asked for all, and nothing that is not", () => {
    expect(names({ scope: "all" })).toHaveLength(10);
    expect(names({ scope: "all" })).not.toContain("theirs");
  });

  it("takes only the cluster that was named", () => {
    expect(names({ scope: "all", clusterId: "users" })).toEqual(["users-node", "users-network"]);
    expect(names({ scope: "orphans", clusterId: "alive" })).toEqual([]);
  });
});

describe("groupIntoClusters", () => {
  it("tells each cluster's mode, topology and containers", () => {
    const found = groupIntoClusters(cluster("users", { pid: 1, mode: "interactive" }));
    expect(found).toMatchObject([
      {
        id: "users",
        mode: "interactive",
        topology: "production",
        database: "bench",
        containers: [{ node: "coordinator-1", isRunning: true }],
      },
    ]);
  });
});

function names(scope: LeftoverScope): string[] {
  const processes = {
    bootId: "boot",
    pidNamespace: "1",
    startTicks: (pid: number) => (pid === 2 ? "5" : null),
  };
  return chooseLeftovers(things, scope, processes).map(({ name }) => name);
}

function cluster(
  id: string,
  of: { pid: number; mode: ClusterMode; bootId?: string; isRunning?: boolean },
): LabelledThing[] {
  const { pid, mode, bootId = "boot", isRunning = true } = of;
  const owner = { pid, startTicks: "5", bootId, pidNamespace: "1" };
  const identity = { id, runId: "r", mode, topology: "production", database: "bench", owner };
  return [
    {
      kind: "container",
      id: `${id}-c`,
      name: `${id}-node`,
      labels: clusterLabels(identity, "coordinator-1"),
      isRunning,
      status: "",
    },
    {
      kind: "network",
      id: `${id}-n`,
      name: `${id}-network`,
      labels: clusterLabels(identity, null),
      isRunning: false,
      status: "",
    },
  ];
}
