import type { WorkloadOperation } from "../model/workload.ts";
import { readEntry } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";
import { type VectorData, where } from "./vector-data.ts";

/** The operation `search`: the k nearest rows of a table, with their distances, of those that `filter` lets through. */
export function searchOperation(
  { query, queryVector, search }: Pick<VectorData, "query" | "queryVector" | "search">,
  { k, viaPrimary }: Readonly<Record<string, number>>,
  {
    table,
    weight,
    filter = null,
  }: { readonly table: string; readonly weight: number; readonly filter?: string | null },
): WorkloadOperation {
  return {
    ...statementOperation({
      name: "search",
      kind: "read",
      endpoint: readEntry(viaPrimary),
      weight,
      variables: [query],
      statement: {
        sql: `select id, embedding <-> ${queryVector} as distance from ${table}${where(filter)} order by distance limit ${k ?? 1}`,
        uses: [query.name],
      },
    }),
    search,
  };
}
