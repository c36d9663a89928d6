import { describe, expect, it } from "vitest";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import { layOut } from "./components/lay-out.ts";
import type { Topology } from "../model/topology.ts";
import { createCredentials } from "./create-credentials.ts";
import { describeContainers } from "./describe-containers.ts";
import { maskPasswords } from "./start-containers.ts";

describe("describeContainers", () => {
  it("has one container for each node: 20 for production", () => {
    expect(containers(topologyCatalogue.production)).toHaveLength(20);
  });

  it("starts etcd first, then each group's first member, and what stands in front last", () => {
    const names = containers(topologyCatalogue.production).map(({ node }) => node.name);
    expect(names.slice(0, 8)).toEqual([
      "etcd-1",
      "etcd-2",
      "etcd-3",
      "coordinator-1",
      "worker-1a",
      "worker-2a",
      "worker-3a",
      "worker-4a",
    ]);
    expect(names.slice(-6)).toEqual([
      "pgbouncer-1",
      "pgbouncer-2",
      "pgbouncer-3",
      "haproxy",
      "agent",
      "observer",
    ]);
  });

  it("gives NET_ADMIN to all that have a packet filter in their image", () => {
    const unable = containers(topologyCatalogue["high-availability"])
      .filter(({ capabilities }) => capabilities.length === 0)
      .map(({ node }) => node.name);
    expect(unable).toEqual(["agent", "observer"]);
  });

  it("gives servers of PostgreSQL the settings of the kernel that the dialect of sharding needs", () => {
    const kernels = (topology: Topology) =>
      containers(topology).flatMap(({ node, sysctls }) => (sysctls === undefined ? [] : [node.name]));
    expect(kernels(topologyCatalogue.production)).toEqual([]);
    const onCitus = kernels({ ...topologyCatalogue.production, sharding: "citus" });
    expect(onCitus).toHaveLength(11);
    expect(onCitus.every((name) => /^(coordinator|worker)-/.test(name))).toBe(true);
  });

  it("publishes the clients' way in, and only when asked", () => {
    const ports = (publish: boolean, topology: Topology) =>
      containers(topology, publish).flatMap(({ node, publishedPorts }) =>
        publishedPorts.map((port) => `${node.name}:${port}`),
      );
    expect(ports(false, topologyCatalogue.production)).toEqual([]);
    expect(ports(true, topologyCatalogue.production)).toEqual(["haproxy:5432", "haproxy:5433"]);
    expect(ports(true, topologyCatalogue.development)).toEqual(["coordinator-1:5432"]);
  });

  it("limits coordinators and workers as the topology says, and nothing else", () => {
    const resources = {
      coordinator: { cpus: 2, memoryMb: 4096 },
      worker: { cpus: 1, memoryMb: 512 },
    };
    const limits = Object.fromEntries(
      containers({ ...topologyCatalogue.production, resources }).map(({ node, limit }) => [node.name, limit]),
    );
    expect(limits).toMatchObject({
      "coordinator-2": resources.coordinator,
      "worker-4b": resources.worker,
      haproxy: { cpus: 0, memoryMb: 0 },
    });
  });
});

describe("createCredentials", () => {
  it("makes passwords that differ from each other and from those of any other cluster", () => {
    const all = [createCredentials(), createCredentials()].flatMap(
      ({ clientVerifier: _verifier, ...passwords }) => Object.values(passwords),
    );
    expect(new Set(all).size).toBe(6);
    expect(all.every((password) => /^[0-9a-f]{32}$/.test(password))).toBe(true);
  });
});

describe("maskPasswords", () => {
  it("leaves no password in any file of any topology", () => {
    const credentials = createCredentials();
    for (const topology of Object.values(topologyCatalogue)) {
      const specs = describeContainers({
        topology,
        layout: layOut(topology),
        credentials,
        publish: false,
        resolver: null,
      });
      const masked = maskPasswords(JSON.stringify(specs), credentials);
      for (const password of Object.values(credentials) as string[]) expect(masked).not.toContain(password);
    }
  });
});

function containers(topology: Topology, publish = false) {
  return describeContainers({
    topology,
    layout: layOut(topology),
    credentials: createCredentials(),
    publish,
    resolver: null,
  });
}
