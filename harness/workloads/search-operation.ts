import type { WorkloadOperation } from "../model/workload.ts";
import { readEntry } from "./parameters.ts";
import { statementOperation } from "./statement-operation.ts";
import type { VectorData } from "./vector-data.ts";

/** The operation `search`: the k nearest of the rows that are searched, with their distances. */
export function searchOperation(
  { query, nearest, search }: Pick<VectorData, "query" | "nearest" | "search">,
  { k, viaPrimary }: Readonly<Record<string, number>>,
  weight = 1,
): WorkloadOperation {
  return {
    ...statementOperation({
      name: "search",
      kind: "read",
      endpoint: readEntry(viaPrimary),
      weight,
      variables: [query],
      statement: { sql: nearest(k ?? 1), uses: [query.name] },
    }),
    search,
  };
}
