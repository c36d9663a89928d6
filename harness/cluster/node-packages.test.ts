import { expect, it } from "vitest";
import { nodePackages } from "./node-packages.ts";

it("the node image has the packages of every component and every dialect, each once", () => {
  expect(nodePackages()).toEqual([
    "etcd-client",
    "etcd-server",
    "haproxy",
    "patroni",
    "pg-auto-failover-cli?",
    "pgbouncer",
    "postgresql-17",
    "postgresql-17-auto-failover?",
    "postgresql-17-pgvector",
    "python3-etcd",
    "python3-psycopg2",
  ]);
});
