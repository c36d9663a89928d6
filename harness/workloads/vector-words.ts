import type { VectorDialect } from "../model/topology.ts";
import type { Workload } from "../model/workload.ts";

/** What an extension has no counterpart of. Workloads are written in pgvector's words. */
interface Lacking {
  /** By how a workload says it, and what that is called in a message. */
  readonly words: readonly (readonly [RegExp, string])[];
  /** Settings that have a counterpart: null; of the others, the value that changes nothing. */
  readonly settings: Readonly<Record<string, string | null>>;
  /** It has no type `vector` that statements may write, and no binary form of it. */
  readonly binaryVectors: boolean;
}

const lackingIn: Readonly<Record<VectorDialect, Lacking | null>> = {
  // That there is none is said elsewhere.
  none: null,
  pgvector: null,
  ruvector: {
    words: [
      [/\bhalfvec\b/, "the type halfvec"],
      [/\bsparsevec\b/, "the type sparsevec"],
      [/\bbinary_quantize\b/, "binary_quantize"],
    ],
    settings: {
      "hnsw.ef_search": null,
      "ivfflat.probes": null,
      "hnsw.iterative_scan": "off",
      "ivfflat.iterative_scan": "off",
    },
    binaryVectors: true,
  },
};

/** What a workload asks of a vector extension that this one cannot give, each in a clause. */
export function whatVectorsLack(workload: Workload, vectors: VectorDialect): readonly string[] {
  const lacking = lackingIn[vectors];
  if (workload.usesVectors !== true || lacking === null) return [];
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
    ...lacking.words.flatMap(([pattern, what]) => (all.some((text) => pattern.test(text)) ? [what] : [])),
    ...(lacking.binaryVectors && statements.some((text) => /::vector\b/.test(text))
      ? ["operations that write vectors of the type vector"]
      : []),
    ...(lacking.binaryVectors && operations.some(({ form }) => form === "copy")
      ? ["COPY of vectors in pgvector's binary form"]
      : []),
    ...Object.entries(settings).flatMap(([name, value]) => {
      const harmless = lacking.settings[name];
      return harmless === null || harmless === value ? [] : [`the setting ${name} = ${value}`];
    }),
  ];
}
