import type { TableSpec, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { rowChunks } from "./row-chunks.ts";
import { VALUES } from "./row-values.ts";
import { statementOperation } from "./statement-operation.ts";
import { tableBytes } from "./table-bytes.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Join orders with their lines, within one tenant or over all of them.";

/** Both tables are distributed by the tenant, so that an order and its lines are on one node, and are joined there. */
export const coLocatedJoin: WorkloadDefinition = {
  name: "co-located-join",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    ordersPerTenant: { ...parameters.rowsPerTenant(), meaning: "orders of each tenant", default: 25 },
    linesPerOrder: { meaning: "lines of each order", default: 4, least: 1, most: 100 },
    allTenants: {
      meaning: "1: one order in a thousand, of all tenants; 0: all orders of one tenant",
      default: 0,
      least: 0,
      most: 1,
    },
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ tenants = 1, ordersPerTenant = 1, linesPerOrder = 1, allTenants, viaPrimary }) => {
    const orders = tenantRows("joined_orders", { tenants, rowsPerTenant: ordersPerTenant, byValue: true });
    const count = tenants * ordersPerTenant * linesPerOrder;
    const join = `select count(*), sum(quantity * value) from ${orders.table.name} as one
                  join ${lines.name} as line on line.tenant_id = one.tenant_id and line.order_id = one.id`;
    const statement =
      allTenants === 1
        ? { sql: `${join} where one.value = $1`, uses: ["value"] }
        : { sql: `${join} where one.tenant_id = $1`, uses: ["tenant"] };
    return {
      name: "co-located-join",
      summary,
      tables: [orders.table, lines],
      seed: [
        ...orders.seed,
        ...rowChunks(count).map(
          ([from, to]) =>
            `insert into ${lines.name} (tenant_id, order_id, line, quantity)
             select number / ${ordersPerTenant * linesPerOrder} + 1,
                    number % ${ordersPerTenant * linesPerOrder} / ${linesPerOrder} + 1,
                    number % ${linesPerOrder} + 1, number % ${MOST_QUANTITY} + 1
             from (select each - 1 as number from generate_series(${from}::bigint, ${to}) as each) as numbers
             on conflict do nothing`,
        ),
      ],
      dataBytes: orders.dataBytes + tableBytes(count, 4 + 4 + 4 + 4, 4 + 4 + 4),
      operations: [
        statementOperation({
          name: "join",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables:
            allTenants === 1
              ? [{ name: "value", kind: "uniform", from: 0, to: VALUES - 1 }]
              : [orders.tenant],
          statement,
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: [
        ...orders.unchanged,
        {
          title: "every order has its lines, and every line its order",
          sql: `select count(*) as found from ${orders.table.name} as one
                join ${lines.name} as line on line.tenant_id = one.tenant_id and line.order_id = one.id`,
          ...bounds.exactly(count),
        },
        {
          title: "no line is there that was not filled in",
          sql: `select count(*) as found from ${lines.name}`,
          ...bounds.exactly(count),
        },
      ],
    };
  },
};

/** Of a line: 1 to this. */
const MOST_QUANTITY = 9;

const lines: TableSpec = {
  name: "joined_lines",
  columns: [
    ["tenant_id", "integer not null"],
    ["order_id", "integer not null"],
    ["line", "integer not null"],
    ["quantity", "integer not null"],
  ],
  primaryKey: ["tenant_id", "order_id", "line"],
  distribution: { column: "tenant_id" },
};
