import type { Credentials } from "../../model/credentials.ts";
import type { ClusterLayout, NodeSpec } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import type { ClusterView } from "../../model/view.ts";
import type { Resolver } from "../../runtime/container-runtime.ts";
import type { ComponentConfig } from "../../runtime/container-spec.ts";

/**
 * One kind of process in a cluster: all that the rest of dpg-bench asks of it, in one folder. Pure. What watches it runs in
 * the observer's container, and lies in `harness/observe/agent/`.
 */
export interface Component {
  /** Its nodes in a topology, in order; none where the topology does without it. */
  readonly nodes: (topology: Topology) => readonly NodeSpec[];
  /** `agent`: a process of the harness. */
  readonly image: "node" | "agent";
  /** The harness talks to it on standard input and output. */
  readonly hasChannel?: true;
  /** The others need it to become ready: its containers are started before theirs. */
  readonly startsFirst?: true;
  /** How its process is started on one of its nodes, and what it finds there. */
  readonly configure: (request: ComponentRequest) => ComponentConfig;
  /** What is missing of its readiness and of its full redundancy, one sentence each; empty where nothing is. */
  readonly gaps: (seen: SeenCluster) => readonly string[];
  /** Its place in drawings of the cluster; null: PostgreSQL, which is drawn by its groups. */
  readonly drawn: Drawn | null;
  /** Debian packages that the node image needs for it. */
  readonly packages: readonly string[];
  /** Packages that it needs as well, and which not every base has to offer: without them its topologies are refused. */
  readonly optionalPackages?: readonly string[];
  /** By the name under which its version is recorded: a shell command of the node image whose output holds the version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** All that a component's configuration may depend on. */
export interface ComponentRequest {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly node: NodeSpec;
  readonly credentials: Credentials;
  /** Whom programs that ask for names by themselves are to ask; null: names keep their addresses. */
  readonly resolver: Resolver | null;
}

/** A cluster, as the observers see it now. */
export interface SeenCluster {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly view: ClusterView;
}

/** A column of the drawing. */
export interface Drawn {
  readonly title: string;
  /** Before PostgreSQL in the way of a query, lower ones first; null: no query goes through it. */
  readonly onTheWay: number | null;
}

/** Names of all nodes that run a component, in order. */
export function nodesOf(layout: ClusterLayout, component: NodeSpec["component"]): readonly string[] {
  return layout.nodes.filter((node) => node.component === component).map((node) => node.name);
}

/** Nodes that belong to no PostgreSQL group, and stand in front of nobody. */
export function plainNodes(component: string, names: readonly string[]): readonly NodeSpec[] {
  return names.map((name) => ({ name, component, group: null, fronts: null }));
}
