import type { Variable, Workload, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";

/** Tenants of the data set; hash partitioning spreads them over the worker groups. */
const TENANTS = 400;
/** Orders of each tenant before the load starts. Their ids are 0 and below: the load's own begin at 1. */
const SEEDED_ORDERS = 25;

/**
 * A multi-tenant shop: every statement names its tenant, so each goes to one worker group (one hash partition).
 * Inserts take their stream's operation number as id, so that every acknowledged one can be looked for afterwards.
 * A tenant is a function of the id, so that a row can be found by its number alone.
 */
export const tenantOrders: WorkloadDefinition = {
  name: "tenant-orders",
  summary: "A multi-tenant shop: insert, look up and update orders, each statement within one tenant.",
  parameters: {},
  build: () => shop,
};

const seededTenant: Variable = { name: "tenant", kind: "uniform", from: 1, to: TENANTS };
const seededId: Variable = { name: "order", kind: "uniform", from: 1 - SEEDED_ORDERS, to: 0 };
const amount: Variable = { name: "amount", kind: "uniform", from: 0, to: 99_999 };

const shop: Workload = {
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
      distribution: { column: "tenant_id" },
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
  dataBytes: TENANTS * SEEDED_ORDERS * 100,
  operations: [
    {
      name: "insert-order",
      kind: "write",
      endpoint: "readWrite",
      weight: 30,
      form: "statement",
      variables: [
        { name: "tenant", kind: "id-modulo", modulo: TENANTS, plus: 1 },
        { name: "id", kind: "id" },
        amount,
        { name: "status", kind: "choice", values: ["new"] },
      ],
      statements: [
        {
          sql: "insert into orders (tenant_id, id, amount_cents, status) values ($1, $2, $3, $4)",
          uses: ["tenant", "id", "amount", "status"],
        },
      ],
      rows: 0,
      timeoutMs: null,
      ledgerTable: "orders",
    },
    {
      name: "select-order",
      kind: "read",
      endpoint: "readOnly",
      weight: 50,
      form: "statement",
      variables: [seededTenant, seededId],
      statements: [
        {
          sql: "select id, amount_cents, status from orders where tenant_id = $1 and id = $2",
          uses: ["tenant", "order"],
        },
      ],
      rows: 0,
      timeoutMs: null,
      ledgerTable: null,
    },
    {
      name: "update-order",
      kind: "write",
      endpoint: "readWrite",
      weight: 20,
      form: "statement",
      variables: [
        seededTenant,
        seededId,
        { name: "status", kind: "choice", values: ["paid", "sent"] },
        amount,
      ],
      statements: [
        {
          sql: "update orders set status = $3, amount_cents = $4 where tenant_id = $1 and id = $2",
          uses: ["tenant", "order", "status", "amount"],
        },
      ],
      rows: 0,
      timeoutMs: null,
      ledgerTable: null,
    },
  ],
  retry: null,
  invariants: [
    {
      title: "every acknowledged order is there, and no other but those of unknown outcome",
      sql: "select count(*) as found from orders where id > 0",
      ...bounds.acknowledged("insert-order"),
    },
    {
      title: "no order that was there before is missing",
      sql: "select count(*) as found from orders where id <= 0",
      ...bounds.exactly(TENANTS * SEEDED_ORDERS),
    },
  ],
};
