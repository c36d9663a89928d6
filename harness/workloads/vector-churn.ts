import type { WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { checkSearch } from "./check-search.ts";
import { searchOperation } from "./search-operation.ts";
import { tableBytes } from "./table-bytes.ts";
import { statementOperation } from "./statement-operation.ts";
import { fileVectors, madeVectors, vectorData, vectorParameters, vectorTable } from "./vector-data.ts";

const summary = "Search for nearest vectors while other rows are inserted and deleted.";

/**
 * Rows that were there at first stay, and the exact answers are of them. Beside them rows come and go, in as many places as
 * `churned` says; about half of them are there at any time. An answer may hold such rows or not: of an answer with c of
 * them, the others are compared with the k - c nearest of those that stay, which holds whatever the search saw of the rest.
 */
export const vectorChurn: WorkloadDefinition = {
  name: "vector-churn",
  summary,
  parameters: {
    ...vectorParameters,
    churned: { meaning: "rows that come and go, at most", default: 2000, least: 1, most: 10_000_000 },
    writePercent: {
      meaning: "inserts and deletes among the operations, in percent",
      default: 20,
      least: 2,
      most: 98,
    },
  },
  takesVectorFiles: true,
  check: checkSearch,
  build: (values) => {
    const { rows = 0, churned = 1, writePercent = 20, dimension = 0 } = values;
    const table = "vector_churn";
    const data = vectorData(table, values);
    // Those that come and go are taken from a table of their own; of a file, they are the rows that follow the ones that stay.
    const others = `${table}_others`;
    const fromFiles = data.filledFromFiles;
    const place = { name: "place", kind: "uniform", from: rows + 1, to: rows + churned } as const;
    const write = {
      kind: "write",
      endpoint: "readWrite",
      weight: writePercent / 2,
      variables: [place],
    } as const;
    return {
      name: "vector-churn",
      summary,
      usesVectors: true,
      tables: [...data.tables, vectorTable(others, values)],
      seed:
        fromFiles === undefined
          ? [...data.seed, ...madeVectors(others, { after: rows, rows: churned, values })]
          : data.seed,
      ...(fromFiles === undefined
        ? {}
        : {
            filledFromFiles: [
              ...fromFiles,
              fileVectors("base", others, { from: rows, rows: churned, values }),
            ],
          }),
      filledInAnyOrder: data.filledInAnyOrder,
      dataBytes: data.dataBytes + tableBytes(churned, 16 + 4 * dimension),
      settings: data.settings,
      operations: [
        searchOperation(data, values, 100 - writePercent),
        statementOperation({
          ...write,
          name: "insert",
          statement: {
            sql: `insert into ${table} (id, embedding)
                  select id, embedding from ${others} where id = $1
                  on conflict do nothing`,
            uses: ["place"],
          },
        }),
        statementOperation({
          ...write,
          name: "delete",
          statement: { sql: `delete from ${table} where id = $1`, uses: ["place"] },
        }),
      ],
      retry: null,
      invariants: [
        ...data.invariants,
        {
          title: "no row that comes and goes is there twice",
          sql: `select count(*) - count(distinct id) as found from ${table} where id > ${rows}`,
          ...bounds.exactly(0),
        },
      ],
    };
  },
};
