import type { TableSpec, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters, readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { rowChunks } from "./row-chunks.ts";
import { VALUES } from "./row-values.ts";
import { statementOperation } from "./statement-operation.ts";
import { tableBytes } from "./table-bytes.ts";
import { tenantRows } from "./tenant-rows.ts";

const summary = "Join a tenant's rows with a reference table, which every node has a copy of.";

const CATEGORIES = 10;

/** A tenant's rows are counted by the category of their product; products are few, and the same for all tenants. */
export const referenceJoin: WorkloadDefinition = {
  name: "reference-join",
  summary,
  parameters: {
    tenants: parameters.tenants(),
    rowsPerTenant: parameters.rowsPerTenant(),
    viaPrimary: parameters.viaPrimary(),
  },
  build: ({ tenants = 1, rowsPerTenant = 1, viaPrimary }) => {
    const rows = tenantRows("referring_rows", { tenants, rowsPerTenant, byValue: false });
    const join = `from ${rows.table.name} as one join ${products.name} as product on product.id = one.value`;
    return {
      name: "reference-join",
      summary,
      tables: [products, rows.table],
      seed: [...seedOfProducts, ...rows.seed],
      dataBytes: rows.dataBytes + tableBytes(VALUES, 4 + 4 + 12, 4),
      operations: [
        statementOperation({
          name: "join",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables: [rows.tenant],
          statement: {
            sql: `select product.category, count(*) ${join} where one.tenant_id = $1 group by product.category`,
            uses: ["tenant"],
          },
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: [
        ...rows.unchanged,
        {
          title: "every row finds its product",
          sql: `select count(*) as found ${join}`,
          ...bounds.exactly(tenants * rowsPerTenant),
        },
        {
          title: "no product is missing, and none is there twice",
          sql: `select count(*) as found from ${products.name}`,
          ...bounds.exactly(VALUES),
        },
      ],
    };
  },
};

const products: TableSpec = {
  name: "reference_products",
  columns: [
    ["id", "integer not null"],
    ["category", "integer not null"],
    ["title", "text not null"],
  ],
  primaryKey: ["id"],
  distribution: "reference",
};

/** One for each value. */
const seedOfProducts = rowChunks(VALUES).map(
  ([from, to]) =>
    `insert into ${products.name} (id, category, title)
     select number - 1, number % ${CATEGORIES}, 'product ' || number
     from generate_series(${from}, ${to}) as number
     on conflict do nothing`,
);
