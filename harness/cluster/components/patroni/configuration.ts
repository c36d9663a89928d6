import { stringify } from "yaml";
import {
  groupOf,
  guardedGroups,
  HEARTBEAT_PORT,
  patroniCluster,
  patroniConfigPath,
} from "../../../model/layout.ts";
import type { SynchronousMode, Topology } from "../../../model/topology.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import { bootstrapSqlPath, renderBootstrapSql } from "../postgres/bootstrap-sql.ts";
import type { ComponentRequest } from "../component.ts";
import { etcdEndpoints } from "../etcd/etcd.ts";
import { withPreloads } from "../postgres/preloads.ts";

/**
 * Patroni and its PostgreSQL. Every group is a scope of its own under /service/, or a numbered group of the one scope
 * of a Citus cluster. The member waits for etcd before it enters Patroni, which would otherwise sleep 5 s after its
 * first refused request.
 */
export function configurePatroni(request: ComponentRequest): ComponentConfig {
  const config = stringify(patroniConfig(request), { lineWidth: 0 });
  return {
    command: ["patroni"],
    environment: {
      DPG_WAIT_FOR: etcdEndpoints(request.layout).join(" "),
      ...(isGuarded(request) ? { DPG_HEARTBEAT_PORT: String(HEARTBEAT_PORT) } : {}),
    },
    files: [
      { path: patroniConfigPath, content: config, mode: 0o600 },
      { path: bootstrapSqlPath, content: renderBootstrapSql(request), mode: 0o600 },
    ],
  };
}

/** Whether leader guards look at the node's group. */
function isGuarded({ topology, node }: ComponentRequest): boolean {
  return guardedGroups(topology).some(({ members }) => members.includes(node.name));
}

function patroniConfig(request: ComponentRequest): object {
  const { topology, layout, node } = request;
  const { scope, citusGroup } = patroniCluster(topology, groupOf(layout, node.name)?.name ?? node.name);
  return {
    scope,
    namespace: "/service/",
    name: node.name,
    log: { level: "INFO", format: "%(asctime)s %(levelname)s: %(message)s" },
    restapi: {
      listen: `0.0.0.0:${topology.patroni.restPort}`,
      connect_address: `${node.name}:${topology.patroni.restPort}`,
    },
    etcd3: { hosts: etcdEndpoints(layout) },
    // Patroni then keeps pg_dist_node up to date: which groups there are, and where the primary of each is.
    ...(citusGroup === null ? {} : { citus: { group: citusGroup, database: topology.postgres.database } }),
    bootstrap: bootstrapSection(request),
    postgresql: postgresqlSection(request),
    tags: { nofailover: false },
  };
}

/** What the first member of a group writes into etcd, and how it makes the data. */
function bootstrapSection({ topology, layout, node }: ComponentRequest): object {
  const { patroni } = topology;
  const group = groupOf(layout, node.name);
  const mode =
    group?.role === "worker" ? topology.workers.synchronousMode : topology.coordinators.synchronousMode;
  return {
    dcs: {
      ttl: patroni.ttl,
      loop_wait: patroni.loopWait,
      retry_timeout: patroni.retryTimeout,
      primary_start_timeout: patroni.primaryStartTimeout,
      maximum_lag_on_failover: patroni.maximumLagOnFailover,
      failsafe_mode: patroni.failsafeMode,
      ...synchronousSettings(mode),
      postgresql: {
        use_pg_rewind: patroni.usePgRewind,
        use_slots: patroni.useSlots,
        parameters: sharedParameters(topology),
      },
    },
    // The very options of the template in the node image: any other list makes dpg-initdb run the real initdb.
    initdb: [{ encoding: "UTF8" }, { "locale-provider": "builtin" }, { locale: "C.UTF-8" }, "data-checksums"],
    post_bootstrap: `psql -X -q -v ON_ERROR_STOP=1 -f ${bootstrapSqlPath}`,
  };
}

function synchronousSettings(mode: SynchronousMode): object {
  return mode === "off"
    ? { synchronous_mode: false }
    : { synchronous_mode: mode === "quorum" ? "quorum" : true, synchronous_node_count: 1 };
}

/**
 * Parameters that must be equal on a primary and its standbys, and so belong to the group: Patroni heeds them nowhere else,
 * so that those of them which the topology names are taken from it.
 */
function sharedParameters({ postgres }: Topology): object {
  const shared = {
    max_connections: postgres.maxConnections,
    max_worker_processes: 16,
    max_wal_senders: 10,
    max_replication_slots: 10,
    wal_level: "replica",
    wal_log_hints: "on",
    hot_standby: "on",
  };
  const named = Object.entries(postgres.parameters).filter(([name]) => Object.hasOwn(shared, name));
  return { ...shared, ...Object.fromEntries(named) };
}

function postgresqlSection({ topology, node, credentials }: ComponentRequest): object {
  return {
    listen: `0.0.0.0:${topology.postgres.port}`,
    connect_address: `${node.name}:${topology.postgres.port}`,
    data_dir: "/var/lib/dpg-bench/postgresql/data",
    bin_dir: "/usr/local/lib/dpg-bench/postgresql",
    bin_name: { initdb: "/usr/local/bin/dpg-initdb" },
    pgpass: "/var/lib/postgresql/.pgpass",
    use_unix_socket: true,
    use_unix_socket_repl: true,
    authentication: {
      superuser: { username: "postgres", password: credentials.superuserPassword },
      replication: { username: "replicator", password: credentials.replicationPassword },
    },
    parameters: {
      password_encryption: "scram-sha-256",
      unix_socket_directories: "/run/postgresql",
      logging_collector: "off",
      log_destination: "stderr",
      log_line_prefix: "%m [%p] %q%u@%d %a ",
      ...withPreloads(topology),
    },
    pg_hba: [
      "local all postgres peer",
      "local replication all scram-sha-256",
      "local all all scram-sha-256",
      "host replication replicator all scram-sha-256",
      "host all all all scram-sha-256",
    ],
    create_replica_methods: ["basebackup"],
    // The copy need not survive a crash of the machine, only of its container.
    basebackup: [{ checkpoint: "fast" }, "no-sync"],
  };
}
