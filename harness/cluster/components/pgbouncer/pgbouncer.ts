import { coordinatorNames } from "../../../model/layout.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import { nodesOf, type Component, type ComponentRequest } from "../component.ts";

/** One in front of each coordinator. */
export const pgbouncer: Component = {
  nodes: (topology) =>
    topology.pgbouncer.enabled
      ? coordinatorNames(topology).map((fronts, index) => ({
          name: `pgbouncer-${index + 1}`,
          component: "pgbouncer",
          group: null,
          fronts,
        }))
      : [],
  image: "node",
  configure,
  gaps: ({ layout, view }) =>
    nodesOf(layout, "pgbouncer")
      .filter((name) => view.poolers[name] !== true)
      .map((name) => `${name}: its admin console does not answer`),
  drawn: { title: "poolers", onTheWay: 20 },
  packages: ["pgbouncer"],
  versions: { pgbouncer: "pgbouncer --version | head -n 1" },
};

/** It logs in to PostgreSQL as whoever logged in to it. */
function configure({ topology, node, credentials }: ComponentRequest): ComponentConfig {
  return {
    command: ["pgbouncer"],
    environment: {},
    files: [
      { path: "/etc/dpg-bench/pgbouncer.ini", content: ini(topology, node.fronts ?? ""), mode: 0o600 },
      {
        path: "/etc/dpg-bench/userlist.txt",
        content: `"postgres" "${credentials.superuserPassword}"\n"dpg_bench" "${credentials.clientVerifier}"\n`,
        mode: 0o600,
      },
    ],
  };
}

function ini({ pgbouncer, postgres }: ComponentRequest["topology"], coordinator: string): string {
  return `; PgBouncer in front of ${coordinator}
[databases]
* = host=${coordinator} port=${postgres.port}

[pgbouncer]
listen_addr = 0.0.0.0
listen_port = ${pgbouncer.port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = /etc/dpg-bench/userlist.txt
admin_users = postgres
stats_users = dpg_bench
pool_mode = ${pgbouncer.poolMode}
max_client_conn = ${pgbouncer.maxClientConnections}
default_pool_size = ${pgbouncer.poolSize}
max_db_connections = ${pgbouncer.poolSize}
; protocol-level prepared statements, in transaction pooling too
max_prepared_statements = 200
server_login_retry = ${pgbouncer.serverLoginRetry}
server_connect_timeout = ${pgbouncer.serverConnectTimeout}
query_wait_timeout = ${pgbouncer.queryWaitTimeout}
; a coordinator that was started anew may have another address
dns_max_ttl = 1
dns_nxdomain_ttl = 1
; a burst of new clients after a failover must not find the queue full
listen_backlog = 1024
ignore_startup_parameters = extra_float_digits,options
log_connections = 0
log_disconnections = 0
`;
}
