import { describe, expect, it } from "vitest";
import { topologyCatalogue } from "../../../topologies/catalogue.ts";
import { layOut } from "../components/lay-out.ts";
import type { TableSpec } from "../../model/workload.ts";
import { dialectNeeds } from "../dialect-needs.ts";
import { shardingCatalogue } from "./catalogue.ts";
import { foreignServers } from "./foreign-servers.ts";

const orders: TableSpec = {
  name: "orders",
  columns: [
    ["tenant_id", "bigint not null"],
    ["id", "bigint not null"],
  ],
  primaryKey: ["tenant_id", "id"],
  distribution: { column: "tenant_id" },
};
const ledger: TableSpec = {
  name: "ledger",
  columns: [["id", "bigint not null"]],
  primaryKey: ["id"],
  distribution: "local",
};
const topology = {
  ...topologyCatalogue.production,
  workers: { ...topologyCatalogue.production.workers, groups: 2, shards: 2 },
};
const request = { topology, layout: layOut(topology), tables: [ledger, orders] };

describe("fdw", () => {
  const [workers, coordinators] = shardingCatalogue.fdw.stages(request);

  it("makes each worker group's shard, with its primary key, before anything refers to it", () => {
    expect(workers!.map(({ at, statements }) => [at.group, statements])).toEqual([
      [
        "worker-1",
        [
          "CREATE TABLE IF NOT EXISTS orders_p0 (tenant_id bigint not null, id bigint not null, PRIMARY KEY (tenant_id, id))",
        ],
      ],
      [
        "worker-2",
        [
          "CREATE TABLE IF NOT EXISTS orders_p1 (tenant_id bigint not null, id bigint not null, PRIMARY KEY (tenant_id, id))",
        ],
      ],
    ]);
  });

  it("makes local tables and hash partitions that cover every remainder once on the coordinators", () => {
    expect(coordinators![0]).toMatchObject({
      at: { group: "coordinators" },
      statements: [
        "CREATE TABLE IF NOT EXISTS ledger (id bigint not null, PRIMARY KEY (id))",
        "CREATE TABLE IF NOT EXISTS orders (tenant_id bigint not null, id bigint not null) PARTITION BY HASH (tenant_id)",
        "CREATE FOREIGN TABLE IF NOT EXISTS orders_p0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 0) SERVER worker_1 OPTIONS (table_name 'orders_p0')",
        "CREATE FOREIGN TABLE IF NOT EXISTS orders_p1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER worker_2 OPTIONS (table_name 'orders_p1')",
      ],
    });
  });

  it("has no worker stage when no table is distributed", () => {
    const stages = shardingCatalogue.fdw.stages({ ...request, tables: [ledger] });
    expect(stages.flat().map(({ at }) => at.group)).toEqual(["coordinators"]);
  });

  it("drops the coordinators' tables first, then every worker's shards, also of tables that are local now", () => {
    const removal = shardingCatalogue.fdw.removal(request);
    expect(removal.map((stage) => stage.map(({ at, statements }) => [at.group, statements]))).toEqual([
      [
        [
          "coordinators",
          ["ledger", "orders"].flatMap((table) => [
            `DROP FOREIGN TABLE IF EXISTS ${table}_at_worker_1`,
            `DROP FOREIGN TABLE IF EXISTS ${table}_at_worker_2`,
            `DROP TABLE IF EXISTS ${table}`,
          ]),
        ],
      ],
      [1, 2].map((worker) => [
        `worker-${worker}`,
        [`ledger_p${worker - 1}`, `orders_p${worker - 1}`, "ledger", "orders"].map(
          (table) => `DROP TABLE IF EXISTS ${table}`,
        ),
      ]),
    ]);
  });

  it("vacuums the shards where they are, and analyzes them on the coordinators after that", () => {
    const settling = shardingCatalogue.fdw.settling(request);
    expect(settling.map((stage) => stage.map(({ at, statements }) => [at.group, statements]))).toEqual([
      [
        ["worker-1", ["VACUUM (ANALYZE) orders_p0"]],
        ["worker-2", ["VACUUM (ANALYZE) orders_p1"]],
      ],
      [["coordinators", ["VACUUM (ANALYZE) ledger", "ANALYZE orders"]]],
    ]);
  });
});

describe("foreignServers", () => {
  it("names every member of a group and asks for the one that takes writes", () => {
    const credentials = {
      superuserPassword: "s",
      replicationPassword: "r",
      clientPassword: "c",
      clientVerifier: "v",
    };
    const statements = foreignServers({ ...request, credentials });
    expect(statements.find((statement) => statement.includes(" worker_2 FOREIGN"))).toContain(
      "host 'worker-2a,worker-2b', port '5432,5432', dbname 'bench', target_session_attrs 'read-write', keepalives_idle '2'",
    );
  });
});

describe("citus", () => {
  const { placement } = shardingCatalogue.citus;
  const regions: TableSpec = { ...ledger, name: "regions", distribution: "reference" };
  const statements = shardingCatalogue.citus
    .stages({ ...request, tables: [ledger, orders, regions] })
    .flat()
    .flatMap((step) => step.statements);

  it("makes nothing before every worker group is known, then each table as it is to be spread, once", () => {
    expect(statements[0]).toContain("IF known < 2 THEN RAISE EXCEPTION");
    expect(statements.slice(1)).toEqual([
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS ledger /),
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS orders .*PRIMARY KEY/),
      "SELECT create_distributed_table('orders', 'tenant_id', shard_count := 2) WHERE NOT EXISTS " +
        "(SELECT FROM pg_dist_partition WHERE logicalrelid = 'orders'::regclass)",
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS regions /),
      "SELECT create_reference_table('regions') WHERE NOT EXISTS " +
        "(SELECT FROM pg_dist_partition WHERE logicalrelid = 'regions'::regclass)",
    ]);
  });

  it("knows groups by their numbers", () => {
    const groups = ["0", "1", "2", "3"].map((holder) => placement.groupOf(holder, request.layout));
    expect(groups).toEqual(["coordinators", "worker-1", "worker-2", undefined]);
  });
});

describe("none", () => {
  it("keeps distributed tables whole on the coordinators", () => {
    const stages = shardingCatalogue.none.stages(request);
    expect(stages.flat().flatMap(({ statements }) => statements)[1]).toMatch(
      /^CREATE TABLE IF NOT EXISTS orders .*PRIMARY KEY/,
    );
  });
});

describe("what a dialect asks of PostgreSQL", () => {
  const credentials = {
    superuserPassword: "SUPERUSER",
    replicationPassword: "REPLICATION",
    clientPassword: "CLIENT",
    clientVerifier: "VERIFIER",
  };
  const bootstrapOf = (group: string) => {
    const found = request.layout.groups.find(({ name }) => name === group)!;
    return dialectNeeds(topology).flatMap((needs) =>
      needs.bootstrap({ ...request, group: found, credentials }),
    );
  };

  it("is the vector extension in every group, and foreign servers on the coordinators", () => {
    expect(bootstrapOf("worker-2")).toEqual(["CREATE EXTENSION vector;"]);
    expect(bootstrapOf("coordinators").slice(0, 2)).toEqual([
      "CREATE EXTENSION vector;",
      "CREATE EXTENSION postgres_fdw;",
    ]);
  });

  it("lets clients read from Citus' secondaries where they are to, by a parameter of the coordinators", () => {
    const granted = (group: string, readFromStandbys: boolean): boolean =>
      shardingCatalogue.citus
        .bootstrap({
          ...request,
          topology: { ...topology, workers: { ...topology.workers, readFromStandbys } },
          group: request.layout.groups.find(({ name }) => name === group)!,
          credentials,
        })
        .includes("GRANT SET ON PARAMETER citus.use_secondary_nodes TO dpg_bench;");
    expect(granted("coordinators", true)).toBe(true);
    expect(granted("coordinators", false)).toBe(false);
    expect(granted("worker-1", true)).toBe(false);
  });

  it("is nothing where tables stay whole and there are no vectors", () => {
    expect(dialectNeeds({ ...topology, sharding: "none", vectors: "none" })).toEqual([
      expect.objectContaining({ preloads: [], packages: [] }),
      expect.objectContaining({ preloads: [], packages: [] }),
    ]);
  });
});
