import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { topologyCatalogue } from "../../../topologies/catalogue.ts";
import { layOut } from "./lay-out.ts";
import type { Topology } from "../../model/topology.ts";
import type { ComponentConfig } from "../../runtime/container-spec.ts";
import { componentOf } from "./catalogue.ts";

const credentials = {
  superuserPassword: "SUPERUSER",
  replicationPassword: "REPLICATION",
  clientPassword: "CLIENT",
  clientVerifier: "VERIFIER",
};

const resolver = { address: "127.0.0.11:53" };

describe("component configuration", () => {
  it.each([
    ["production", "etcd-2"],
    ["production", "coordinator-1"],
    ["production", "worker-3b"],
    ["production", "pgbouncer-2"],
    ["production", "haproxy"],
    ["production", "observer"],
    ["production-leader-guard", "guard-2"],
    ["production-as-documented", "coordinator-2"],
    ["production-as-documented", "worker-1a"],
    ["production-as-documented", "pgbouncer-1"],
    ["production-as-documented", "haproxy"],
    ["production-pg-auto-failover", "monitor"],
    ["production-pg-auto-failover", "coordinator-2"],
    ["production-pg-auto-failover", "worker-1a"],
    ["production-pg-auto-failover", "haproxy"],
    ["development", "coordinator-1"],
  ] as const)("of %s, node %s, is the golden one", async (topology, node) => {
    const text = asText(render(topologyCatalogue[topology], node));
    await expect(text).toMatchFileSnapshot(`golden/${topology}/${node}.txt`);
  });

  it("goes to PostgreSQL itself where there is no PgBouncer", () => {
    const topology = {
      ...topologyCatalogue["high-availability"],
      pgbouncer: { ...topologyCatalogue.production.pgbouncer, enabled: false },
    };
    expect(asText(render(topology, "haproxy"))).toContain(
      "server coordinator-2 coordinator-2:5432 track check_read_write/coordinator-2",
    );
  });

  it("asks for quorum commit where the topology does", () => {
    const topology = {
      ...topologyCatalogue.production,
      coordinators: { members: 3, synchronousMode: "quorum" as const },
    };
    const patroni = parse(render(topology, "coordinator-1").files[0]!.content) as {
      bootstrap: { dcs: Record<string, unknown> };
    };
    expect(patroni.bootstrap.dcs.synchronous_mode).toBe("quorum");
  });

  it("counts statements beside the libraries that the topology loads, in every PostgreSQL", () => {
    const withLibraries = (libraries: string): Topology => ({
      ...topologyCatalogue.development,
      postgres: {
        ...topologyCatalogue.development.postgres,
        parameters: { shared_preload_libraries: libraries },
      },
    });
    expect(render(withLibraries("citus, auto_explain"), "coordinator-1").command).toContain(
      "shared_preload_libraries=citus,auto_explain,pg_stat_statements",
    );
    expect(render(withLibraries("pg_stat_statements"), "coordinator-1").command).toContain(
      "shared_preload_libraries=pg_stat_statements",
    );
    expect(render(topologyCatalogue.production, "worker-2b").files[1]!.content).toContain(
      "CREATE EXTENSION pg_stat_statements;",
    );
  });

  it.each(["coordinator-1", "worker-2b"])("of a Citus cluster, node %s, is the golden one", async (node) => {
    const topology: Topology = { ...topologyCatalogue.production, sharding: "citus" };
    await expect(asText(render(topology, node))).toMatchFileSnapshot(`golden/production-citus/${node}.txt`);
  });

  it("has the topology's own parameters before those of its dialect", () => {
    const topology: Topology = {
      ...topologyCatalogue.production,
      sharding: "citus",
      postgres: {
        ...topologyCatalogue.production.postgres,
        parameters: { "citus.node_connection_timeout": "30s" },
      },
    };
    const { content } = render(topology, "worker-1a").files[0]!;
    expect(content).toContain("citus.node_connection_timeout: 30s\n");
    expect(content).toContain("citus.node_conninfo: sslmode=prefer");
  });

  it("makes foreign servers on the coordinators alone", () => {
    const bootstrap = (node: string) => render(topologyCatalogue.production, node).files[1]!.content;
    expect(bootstrap("coordinator-3")).toContain("CREATE SERVER IF NOT EXISTS worker_4");
    expect(bootstrap("worker-1a")).not.toContain("SERVER");
  });
});

function render(topology: Topology, name: string): ComponentConfig {
  const layout = layOut(topology);
  const node = layout.nodes.find((candidate) => candidate.name === name)!;
  return componentOf(node).configure({ topology, layout, node, credentials, resolver });
}

function asText({ command, environment, files }: ComponentConfig): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  return [
    `$ ${command.join(" ")}\n`,
    ...variables,
    ...files.map(({ path, mode, content }) => `\n===== ${path} (${mode.toString(8)})\n${content}`),
  ].join("");
}
