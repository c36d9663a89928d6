import type { VectorDialect } from "../model/topology.ts";
import type { Workload } from "../model/workload.ts";

/** What only pgvector has, by how a workload says it, and what that is called in a message. */
const ONLY_PGVECTOR: readonly (readonly [RegExp, string])[] = [
  [/\bhalfvec\b/, "the type halfvec"],
  [/\bsparsevec\b/, "the type sparsevec"],
  [/\bbinary_quantize\b/, "binary_quantize"],
];

/** Settings of pgvector that have a counterpart everywhere; of the others, the value that changes nothing. */
const SETTINGS: Readonly<Record<string, string | null>> = {
  "hnsw.ef_search": null,
  "ivfflat.probes": null,
  "hnsw.iterative_scan": "off",
  "ivfflat.iterative_scan": "off",
};

/** What a workload asks of a vector extension that this one cannot give, each in a clause. */
export function whatVectorsLack(workload: Workload, vectors: VectorDialect): readonly string[] {
  if (workload.usesVectors !== true || vectors !== "ruvector") return [];
  const { tables, seed, operations, settings = {} } = workload;
  const statements = operations.flatMap((operation) => operation.statements.map(({ sql }) => sql));
  const all = [
    ...tables.flatMap(({ columns, indexes = [] }) => [
      ...columns.map(([, definition]) => definition),
      ...indexes.map(({ definition }) => definition),
    ]),
    ...seed,
    ...statements,
  ];
  return [
    ...ONLY_PGVECTOR.flatMap(([pattern, what]) => (all.some((text) => pattern.test(text)) ? [what] : [])),
    ...(statements.some((text) => /::vector\b/.test(text))
      ? ["operations that write vectors of the type vector"]
      : []),
    ...(operations.some(({ form }) => form === "copy") ? ["COPY of vectors in pgvector's binary form"] : []),
    ...Object.entries(settings).flatMap(([name, value]) => {
      const harmless = SETTINGS[name];
      return harmless === null || harmless === value ? [] : [`the setting ${name} = ${value}`];
    }),
  ];
}
