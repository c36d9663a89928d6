import type { ClusterIdentity } from "../container-runtime.ts";
import { formatOwner, type Owner } from "./owner.ts";

/** Names of the labels that every container, network and volume of dpg-bench carries. */
export const labelNames = {
  cluster: "org.dpg-bench.cluster",
  run: "org.dpg-bench.run",
  mode: "org.dpg-bench.mode",
  owner: "org.dpg-bench.owner",
  topology: "org.dpg-bench.topology",
  database: "org.dpg-bench.database",
  node: "org.dpg-bench.node",
} as const;

/** What the labels of a cluster say. */
export interface LabelledCluster extends ClusterIdentity {
  readonly owner: Owner;
}

/** The labels of one thing of a cluster; the network has no node. */
export function clusterLabels(identity: LabelledCluster, node: string | null): Record<string, string> {
  return {
    [labelNames.cluster]: identity.id,
    [labelNames.run]: identity.runId,
    [labelNames.mode]: identity.mode,
    [labelNames.topology]: identity.topology,
    [labelNames.database]: identity.database,
    [labelNames.owner]: formatOwner(identity.owner),
    ...(node === null ? {} : { [labelNames.node]: node }),
  };
}

/** The name of the cluster's network, and the stem of its containers' names. */
export function clusterName(id: string): string {
  return `dpg-bench-${id}`;
}
