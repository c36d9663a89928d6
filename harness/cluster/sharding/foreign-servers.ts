import { type GroupSpec, workersInUse } from "../../model/layout.ts";
import type { Credentials } from "../../model/credentials.ts";
import type { Topology } from "../../model/topology.ts";
import type { BootstrapRequest } from "../database-needs.ts";
import { patience } from "./patience.ts";
import { vectorCatalogue } from "../vectors/catalogue.ts";

/**
 * Rows of one INSERT that go to a worker in one message, and of an answer that are fetched at once. One by one, the
 * default of INSERT, the 10,000 rows that fill the tables take a second of every cluster's start. An INSERT of one row
 * is sent as it always was.
 */
const rowsPerMessage = 1000;

/**
 * One foreign server for each worker group, and the clients' way to log in there. With two hosts and
 * `target_session_attrs` a new connection finds whichever member is primary, so a worker's failover needs no
 * change here. A `connect_timeout` would be of no use: postgres_fdw connects without blocking, and heeds none (PostgreSQL 17,
 * libpq-be-fe-helpers.h). Run once by a superuser; no worker is contacted.
 */
export function foreignServers({
  layout,
  topology,
  credentials,
}: Pick<BootstrapRequest, "layout" | "topology" | "credentials">): readonly string[] {
  return [
    "CREATE EXTENSION postgres_fdw;",
    "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO dpg_bench;",
    // Joins are done where the shards are, and aggregates where they are grouped by the distribution column (8.7 instead
    // of 25.5 ms for 40,000 rows of 400 tenants on 8 shards). PostgreSQL 17 sends no partial aggregate to a server: over
    // all tenants each shard's rows are fetched and added up here, one shard after the other, since only a scan directly
    // under an Append is asynchronous (4.9 instead of 3.9 ms for 40 rows). The first gain is the larger one.
    `ALTER DATABASE ${topology.postgres.database} SET enable_partitionwise_join = on;`,
    `ALTER DATABASE ${topology.postgres.database} SET enable_partitionwise_aggregate = on;`,
    ...workersInUse(layout.groups).flatMap((group) =>
      [
        ...createServer(group, topology, credentials),
        // Whoever moves shards takes groups out of use again.
        `ALTER SERVER ${foreignServer(group)} OWNER TO dpg_bench`,
      ].map((statement) => `${statement};`),
    ),
  ];
}

/** Takes a group into use on the coordinators: no shard is moved, and the worker is not contacted. */
export function createServer(
  group: GroupSpec,
  topology: Topology,
  { clientPassword }: Pick<Credentials, "clientPassword">,
): readonly string[] {
  const server = foreignServer(group);
  return [
    `CREATE SERVER IF NOT EXISTS ${server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${serverOptions(group, topology)})`,
    `CREATE USER MAPPING IF NOT EXISTS FOR dpg_bench SERVER ${server} OPTIONS (user 'dpg_bench', password '${clientPassword}')`,
  ];
}

/** The server's name on the coordinators: `worker_1` for the group `worker-1`. */
export function foreignServer(group: GroupSpec): string {
  return group.name.replaceAll("-", "_");
}

function extensionsOf({ vectors }: Topology): Readonly<Record<string, string>> {
  const { extension } = vectorCatalogue[vectors];
  return extension === null ? {} : { extensions: extension };
}

function serverOptions(group: GroupSpec, topology: Topology): string {
  const options = {
    host: group.members.join(","),
    port: group.members.map(() => topology.postgres.port).join(","),
    dbname: topology.postgres.database,
    target_session_attrs: "read-write",
    ...patience,
    async_capable: "true",
    // Two groups that a transaction wrote to commit at the same time, not one after the other.
    parallel_commit: "true",
    fetch_size: rowsPerMessage,
    // Plans rest on what ANALYZE has sampled here. An EXPLAIN on each shard for each path would cost a round trip each,
    // for statements that take hardly longer themselves.
    use_remote_estimate: "false",
    batch_size: rowsPerMessage,
    // Whose operators the workers have too: a search's ORDER BY is theirs only if they know its distance.
    ...extensionsOf(topology),
  };
  return Object.entries(options)
    .map(([name, value]) => `${name} '${value}'`)
    .join(", ");
}
