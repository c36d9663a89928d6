import type { Credentials } from "../model/credentials.ts";
import { clientEndpoints, groupOf, type ClusterLayout, type NodeSpec } from "../model/layout.ts";
import type { ResourceLimit, Topology } from "../model/topology.ts";
import { componentOf } from "./components/catalogue.ts";
import { shardingCatalogue } from "./sharding/catalogue.ts";
import type { Resolver } from "../runtime/container-runtime.ts";
import type { ContainerSpec } from "../runtime/container-spec.ts";

const noLimit: ResourceLimit = { cpus: 0, memoryMb: 0 };

/**
 * Every container of a cluster, in the order in which they are best started: what all need (etcd), then each group's
 * first member (whose start the others of its group wait for), then the other members, then what stands in front of
 * them. Members wait for etcd by themselves, so nothing here waits for anything.
 */
export function describeContainers(request: {
  readonly topology: Topology;
  readonly layout: ClusterLayout;
  readonly credentials: Credentials;
  /** Publish the clients' way in. */
  readonly publish: boolean;
  /** The runtime's. */
  readonly resolver: Resolver | null;
}): readonly ContainerSpec[] {
  const { layout } = request;
  return layout.nodes
    .map((node) => describeContainer(node, request))
    .sort((one, other) => startRank(one.node, layout) - startRank(other.node, layout));
}

function describeContainer(node: NodeSpec, request: Parameters<typeof describeContainers>[0]): ContainerSpec {
  const { topology, layout, credentials, resolver } = request;
  const component = componentOf(node);
  const hasChannel = component.hasChannel === true;
  const isPostgres = groupOf(layout, node.name) !== undefined;
  return {
    node,
    image: component.image,
    // For the packet filter, which belongs to the container alone. Whoever measures is never cut off.
    capabilities: hasChannel ? [] : ["NET_ADMIN"],
    sysctls: isPostgres ? shardingCatalogue[topology.sharding].sysctls : undefined,
    limit: limitOf(node, request),
    publishedPorts: request.publish ? entryPorts(node, topology) : [],
    hasChannel,
    ...component.configure({ topology, layout, node, credentials, resolver }),
  };
}

function limitOf(
  node: NodeSpec,
  { topology, layout }: Parameters<typeof describeContainers>[0],
): ResourceLimit {
  const role = groupOf(layout, node.name)?.role;
  return role === undefined ? noLimit : topology.resources[role];
}

function entryPorts(node: NodeSpec, topology: Topology): readonly number[] {
  const { readWrite, readOnly } = clientEndpoints(topology);
  const ports = [readWrite, readOnly].filter(({ host }) => host === node.name).map(({ port }) => port);
  return [...new Set(ports)];
}

function startRank(node: NodeSpec, layout: ClusterLayout): number {
  if (componentOf(node).startsFirst === true) return 0;
  const group = groupOf(layout, node.name);
  if (group === undefined) return 3;
  return group.members[0] === node.name ? 1 : 2;
}
