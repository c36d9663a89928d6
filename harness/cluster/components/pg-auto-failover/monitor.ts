import { type GroupSpec, groupsOf, MONITOR_NODE, synchronousModeOf } from "../../../model/layout.ts";
import type { Topology } from "../../../model/topology.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import { plainNodes, type Component, type ComponentRequest } from "../component.ts";
import { renderParameters } from "./render-parameters.ts";

/** pg_auto_failover's monitor: a PostgreSQL of its own whose extension watches every group and says who is its primary. */
export const pgAutoFailoverMonitor: Component = {
  nodes: ({ pgAutoFailover }) =>
    plainNodes("pg-auto-failover-monitor", pgAutoFailover.enabled ? [MONITOR_NODE] : []),
  image: "node",
  startsFirst: true,
  configure,
  // What it says of each member is that component's to judge; while it does not answer, that is out of date, and told so.
  gaps: ({ topology, view }) =>
    topology.pgAutoFailover.enabled && Object.keys(view.monitored).length === 0
      ? [`pg_auto_failover: ${MONITOR_NODE} does not tell of any node`]
      : [],
  drawn: { title: "monitor", onTheWay: null },
  packages: ["postgresql-17"],
  optionalPackages: ["postgresql-17-auto-failover"],
  versions: {},
};

function configure({ topology, node, credentials }: ComponentRequest): ComponentConfig {
  return {
    command: ["dpg-pg-auto-failover", "monitor"],
    environment: { DPG_USER: "postgres", HOME: "/var/lib/postgresql", DPG_NAME: node.name },
    files: [
      { path: "/etc/dpg-bench/monitor.conf", content: renderParameters(settings(topology)), mode: 0o600 },
      {
        path: "/etc/dpg-bench/pg_hba.conf",
        content: [
          // pg_autoctl's own listener, on the monitor itself.
          "local pg_auto_failover autoctl_node trust",
          "local all all peer",
          "host pg_auto_failover autoctl_node all scram-sha-256",
          "host all postgres all scram-sha-256",
          "",
        ].join("\n"),
        mode: 0o600,
      },
      {
        path: "/etc/dpg-bench/monitor.sql",
        content: [
          `ALTER ROLE postgres PASSWORD '${credentials.superuserPassword}';`,
          `ALTER ROLE autoctl_node PASSWORD '${credentials.replicationPassword}';`,
          ...groupsOf(topology).map((group) => formation(topology, group)),
          "",
        ].join("\n"),
        mode: 0o600,
      },
    ],
  };
}

/**
 * Each PostgreSQL group is a formation. With number_sync_standbys 1 a primary whose standbys are all gone acknowledges
 * nothing; with 0 it goes on alone (docs/architecture-multi-standby.rst), and two standbys are the fewest that 1 can have.
 */
function formation(topology: Topology, group: GroupSpec): string {
  const synchronous = synchronousModeOf(topology, group) !== "off" && group.members.length > 2 ? 1 : 0;
  return `SELECT pgautofailover.create_formation('${group.name}', 'pgsql', '${topology.postgres.database}', true, ${synchronous});`;
}

function settings({ pgAutoFailover: spec }: Topology): Readonly<Record<string, string | number>> {
  return {
    "pgautofailover.health_check_period": spec.healthCheckPeriodMs,
    "pgautofailover.health_check_timeout": spec.healthCheckTimeoutMs,
    "pgautofailover.health_check_max_retries": spec.healthCheckMaxRetries,
    "pgautofailover.health_check_retry_delay": spec.healthCheckRetryDelayMs,
    "pgautofailover.node_considered_unhealthy_timeout": spec.nodeConsideredUnhealthyTimeoutMs,
    "pgautofailover.primary_demote_timeout": spec.primaryDemoteTimeoutMs,
    "pgautofailover.startup_grace_period": spec.startupGracePeriodMs,
    // A keeper opens some connections once a second, and keeps one to be told of changes.
    max_connections: 200,
    password_encryption: "scram-sha-256",
    log_destination: "stderr",
    logging_collector: "off",
    unix_socket_directories: "/run/postgresql",
  };
}
