import type { Random, Workload } from "../model/workload.ts";

/** Tenants of the data set; hash partitioning spreads them over the worker groups. */
const TENANTS = 400;
/** Orders of each tenant before the load starts. Their ids are 0 and below: the load's own begin at 1. */
const SEEDED_ORDERS = 25;

/**
 * A multi-tenant shop: every statement names its tenant, so each goes to one worker group (one hash partition).
 * Inserts take their stream's operation number as id, so that every acknowledged one can be looked for afterwards.
 * A tenant is a function of the id, so that a row can be found by its number alone.
 */
export const tenantOrders: Workload = {
  name: "tenant-orders",
  summary: "A multi-tenant shop: insert, look up and update orders, each statement within one tenant.",
  tables: [
    {
      name: "orders",
      columns: [
        ["tenant_id", "integer not null"],
        ["id", "bigint not null"],
        ["amount_cents", "integer not null"],
        ["status", "text not null"],
      ],
      primaryKey: ["tenant_id", "id"],
      distributionColumn: "tenant_id",
    },
  ],
  // Safe to run again, also when some of it is there: a crash can leave it done on one worker group and not on
  // another. No conflict target: the coordinators know no key of a table whose partitions are foreign.
  seed: [
    `insert into orders (tenant_id, id, amount_cents, status)
     select tenant, 1 - number, (tenant * 7919 + number * 104729) % 100000, 'paid'
     from generate_series(1, ${TENANTS}) as tenant, generate_series(1, ${SEEDED_ORDERS}) as number
     on conflict do nothing`,
  ],
  operations: [
    {
      name: "insert-order",
      kind: "write",
      weight: 30,
      sql: "insert into orders (tenant_id, id, amount_cents, status) values ($1, $2, $3, $4)",
      parameters: (id, random) => [tenantOf(id), id, whole(random, 100_000), "new"],
      ledgerTable: "orders",
    },
    {
      name: "select-order",
      kind: "read",
      weight: 50,
      sql: "select id, amount_cents, status from orders where tenant_id = $1 and id = $2",
      parameters: (_id, random) => seededOrder(random),
      ledgerTable: null,
    },
    {
      name: "update-order",
      kind: "write",
      weight: 20,
      sql: "update orders set status = $3, amount_cents = $4 where tenant_id = $1 and id = $2",
      parameters: (id, random) => [
        ...seededOrder(random),
        id % 2 === 0 ? "paid" : "sent",
        whole(random, 100_000),
      ],
      ledgerTable: null,
    },
  ],
};

function tenantOf(id: number): number {
  return 1 + (id % TENANTS);
}

function seededOrder(random: Random): [tenant: number, id: number] {
  return [1 + whole(random, TENANTS), 0 - whole(random, SEEDED_ORDERS)];
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}
