import type { ComponentConfig } from "../../runtime/container-spec.ts";
import { bootstrapSqlPath, renderBootstrapSql } from "./bootstrap-sql.ts";
import type { ComponentRequest } from "./component-request.ts";
import { withPreloads } from "./preloads.ts";

/** PostgreSQL without Patroni: parameters on the command line; the bootstrap statements wait for whoever runs them. */
export function renderPostgres(request: ComponentRequest): ComponentConfig {
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
