import { COORDINATORS, groupOf, MONITOR_NODE, synchronousModeOf } from "../../../model/layout.ts";
import type { PostgresParameters, Topology } from "../../../model/topology.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import type { ComponentRequest } from "../component.ts";
import { bootstrapSqlPath, renderBootstrapSql } from "../postgres/bootstrap-sql.ts";
import { withPreloads } from "../postgres/preloads.ts";
import { renderParameters } from "./render-parameters.ts";

/** pg_autoctl and its PostgreSQL; beside a coordinator's, the small checker that HAProxy asks. */
export function configureNode(request: ComponentRequest): ComponentConfig {
  const { topology, layout, node, credentials } = request;
  const { pgAutoFailover, postgres } = topology;
  const group = groupOf(layout, node.name);
  if (group === undefined) throw new Error(`${node.name} belongs to no group`);
  const uri = `postgres://autoctl_node@${MONITOR_NODE}:5432/pg_auto_failover`;
  return {
    command: ["dpg-pg-auto-failover", "node"],
    environment: {
      DPG_USER: "postgres",
      HOME: "/var/lib/postgresql",
      DPG_NAME: node.name,
      DPG_FORMATION: group.name,
      DPG_FIRST: group.members[0] === node.name ? "yes" : "no",
      DPG_QUORUM: String(synchronousModeOf(topology, group) !== "off"),
      DPG_PORT: String(postgres.port),
      DPG_DATABASE: postgres.database,
      ...(group.name === COORDINATORS ? { DPG_CHECK_PORT: String(pgAutoFailover.checkPort) } : {}),
      PG_AUTOCTL_MONITOR: uri,
    },
    files: [
      { path: "/etc/dpg-bench/node.conf", content: renderParameters(parameters(topology)), mode: 0o600 },
      { path: "/etc/dpg-bench/pg_hba.conf", content: hostBasedAuthentication, mode: 0o600 },
      { path: bootstrapSqlPath, content: renderRoles(request) + renderBootstrapSql(request), mode: 0o600 },
      {
        // libpq's own file: for pg_autoctl, pg_rewind, pg_basebackup and the standby's receiver alike.
        path: "/var/lib/postgresql/.pgpass",
        content: ["pgautofailover_replicator", "autoctl_node"]
          .map((role) => `*:*:*:${role}:${credentials.replicationPassword}\n`)
          .join(""),
        mode: 0o600,
      },
      {
        // By the names that `pg_autoctl config set` takes.
        path: "/etc/dpg-bench/keeper",
        content: [
          `timeout.network_partition_timeout ${pgAutoFailover.networkPartitionTimeoutSeconds}`,
          `timeout.postgresql_restart_failure_max_retries ${pgAutoFailover.postgresqlRestartFailureMaxRetries}`,
          `timeout.postgresql_restart_failure_timeout ${pgAutoFailover.postgresqlRestartFailureTimeoutSeconds}`,
          `replication.password ${credentials.replicationPassword}`,
          "",
        ].join("\n"),
        mode: 0o600,
      },
    ],
  };
}

/** Before those that pg_autoctl sets itself (in a file that postgresql.conf includes at its beginning). */
function parameters(topology: Topology): PostgresParameters {
  return {
    max_connections: topology.postgres.maxConnections,
    max_worker_processes: 16,
    password_encryption: "scram-sha-256",
    unix_socket_directories: "/run/postgresql",
    logging_collector: "off",
    log_destination: "stderr",
    log_line_prefix: "%m [%p] %q%u@%d %a ",
    ...withPreloads(topology),
  };
}

/** The monitor's health check logs in to nothing, by a role without rights and password (docs/security.rst). */
const hostBasedAuthentication = `local all postgres peer
local all all scram-sha-256
host all pgautofailover_monitor all trust
host replication pgautofailover_replicator all scram-sha-256
host all all all scram-sha-256
`;

/**
 * The role that standbys copy and stream by; pg_autoctl makes one itself only where there is none, and without a password.
 * What pg_rewind may call is as PostgreSQL's manual lists it.
 */
function renderRoles({ credentials }: ComponentRequest): string {
  const functions = [
    "pg_ls_dir(text, boolean, boolean)",
    "pg_stat_file(text, boolean)",
    "pg_read_binary_file(text)",
    "pg_read_binary_file(text, bigint, bigint, boolean)",
  ];
  return [
    `ALTER ROLE postgres PASSWORD '${credentials.superuserPassword}';`,
    `CREATE ROLE pgautofailover_replicator LOGIN REPLICATION PASSWORD '${credentials.replicationPassword}';`,
    ...functions.map((name) => `GRANT EXECUTE ON FUNCTION pg_catalog.${name} TO pgautofailover_replicator;`),
    "",
  ].join("\n");
}
