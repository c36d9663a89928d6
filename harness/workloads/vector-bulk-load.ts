import type { WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { checkIndex } from "./check-search.ts";
import { nearestRows, vectorIndexes, vectorIndexParameters } from "./vector-index.ts";
import { vectorValuesParameters } from "./vector-values.ts";

const summary = "Load vectors by binary COPY, many at a time, and index them afterwards.";

/** A COPY's own bound, also for the largest ones. */
const COPY_TIMEOUT_MS = 60_000;
/** Rows that the first search by the index asks for. */
const SEARCHED = 10;

const { distance, index, element, m, efConstruction, lists, buildMemoryMb } = vectorIndexParameters;

/**
 * Numbers are uniform, and made by the client while it loads: a thousand rows of 64 numbers take it about 5 ms. Every row
 * carries its COPY's number as its id, so that a COPY that is there in part would show.
 */
export const vectorBulkLoad: WorkloadDefinition = {
  name: "vector-bulk-load",
  summary,
  parameters: {
    rowsPerCopy: { meaning: "rows of one COPY", default: 1000, least: 1, most: 100_000 },
    dimension: vectorValuesParameters.dimension,
    distance,
    index,
    element,
    m,
    efConstruction,
    lists,
    buildMemoryMb,
  },
  check: checkIndex,
  build: (values) => {
    const { rowsPerCopy = 1, dimension = 1 } = values;
    const table = "vector_bulk_load";
    return {
      name: "vector-bulk-load",
      summary,
      usesVectors: true,
      tables: [
        {
          name: table,
          columns: [
            ["id", "bigint not null"],
            ["embedding", `vector(${dimension}) not null`],
          ],
          primaryKey: [],
          distribution: "local",
          indexes: vectorIndexes(table, values),
        },
      ],
      seed: [],
      dataBytes: 0,
      indexedAfterLoad: {
        table,
        search: nearestRows(table, values, { limit: SEARCHED, where: "", query: `from ${table} limit 1` }),
      },
      operations: [
        {
          name: "copy",
          kind: "write",
          endpoint: "readWrite",
          weight: 1,
          form: "copy",
          binary: true,
          variables: [
            { name: "id", kind: "id" },
            { name: "embedding", kind: "vector", dimension },
          ],
          statements: [
            { sql: `copy ${table} (id, embedding) from stdin (format binary)`, uses: ["id", "embedding"] },
          ],
          rows: rowsPerCopy,
          timeoutMs: COPY_TIMEOUT_MS,
          ledgerTable: table,
        },
      ],
      retry: null,
      invariants: [
        {
          title: "the rows of every acknowledged COPY are there, and no others but those of unknown outcome",
          sql: `select count(*) as found from ${table}`,
          ...bounds.acknowledged("copy", rowsPerCopy),
        },
        {
          title: "no COPY is there in part, or twice",
          sql: `select count(*) as found
                from (select from ${table} group by id having count(*) <> ${rowsPerCopy}) as uneven`,
          ...bounds.exactly(0),
        },
      ],
    };
  },
};
