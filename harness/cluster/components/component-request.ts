import type { Credentials } from "../../model/credentials.ts";
import type { ClusterLayout, NodeSpec } from "../../model/layout.ts";
import type { Topology } from "../../model/topology.ts";
import type { Resolver } from "../../runtime/container-runtime.ts";

/** All that a component's configuration may depend on. */
export interface ComponentRequest {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly node: NodeSpec;
  readonly credentials: Credentials;
  /** Whom programs that ask for names by themselves are to ask; null: names keep their addresses. */
  readonly resolver: Resolver | null;
}

/** Names of all nodes that run a component, in order. */
export function nodesOf(layout: ClusterLayout, component: NodeSpec["component"]): readonly string[] {
  return layout.nodes.filter((node) => node.component === component).map((node) => node.name);
}
