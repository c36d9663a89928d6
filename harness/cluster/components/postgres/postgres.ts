import { failoverManager } from "../../../model/topology.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import { bootstrapSqlPath, renderBootstrapSql } from "./bootstrap-sql.ts";
import type { Component, ComponentRequest } from "../component.ts";
import { groupGaps, groupNodes } from "./groups.ts";
import { withPreloads } from "./preloads.ts";

/** PostgreSQL alone, where nothing fails it over. */
export const postgres: Component = {
  nodes: (topology) => (failoverManager(topology) === null ? groupNodes("postgres", topology) : []),
  image: "node",
  configure,
  gaps: (seen) => (failoverManager(seen.topology) === null ? groupGaps(seen, null) : []),
  drawn: null,
  packages: ["postgresql-17"],
  versions: { postgresql: "postgres --version" },
};

/** Parameters on the command line; the bootstrap statements wait for whoever runs them. */
function configure(request: ComponentRequest): ComponentConfig {
  const { postgres } = request.topology;
  const parameters = {
    port: postgres.port,
    max_connections: postgres.maxConnections,
    password_encryption: "scram-sha-256",
    ...withPreloads(request.topology),
  };
  return {
    command: [
      "postgres",
      ...Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${String(value)}`]),
    ],
    environment: { DPG_POSTGRES_PASSWORD: request.credentials.superuserPassword },
    files: [{ path: bootstrapSqlPath, content: renderBootstrapSql(request), mode: 0o600 }],
  };
}
