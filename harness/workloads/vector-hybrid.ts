import type { WorkloadDefinition } from "../model/workload.ts";
import { checkSearchOf } from "./check-search.ts";
import { readEntry } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { statementOperation } from "./statement-operation.ts";
import { vectorData, vectorParameters } from "./vector-data.ts";

const summary =
  "Find rows by words and by nearness at once: full text and vectors, put together by reciprocal rank fusion.";

/** Words of the vocabulary, each as its number in letters that no stemmer touches. */
const WORDS = 500;
/** Of each row: its text as a tsvector, and its part of the GIN index (measured on 20,000 rows: 235 and 52). */
const TEXT_BYTES = 287;
/** The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009). */
const RANK_CONSTANT = 60;

/**
 * Each side gives its 2 k best, and a row's score is the sum of 1 / (60 + rank) over the sides that have it. Nobody can say
 * which fused rows are right, so there is no recall: the two lists that it is made of are measured by `vector-knn`.
 */
export const vectorHybrid: WorkloadDefinition = {
  name: "vector-hybrid",
  summary,
  parameters: vectorParameters,
  takesVectorFiles: true,
  check: checkSearchOf(2),
  build: (values) => {
    const { k = 10, rows = 0, viaPrimary } = values;
    const table = "vector_hybrid";
    const data = vectorData(table, values, {
      columns: [["body", "tsvector not null", bodyOf("id")]],
      indexes: [{ name: `${table}_body`, definition: "using gin (body)" }],
    });
    const nearest = `select id, row_number() over (order by distance) as rank
      from (${data.nearest(2 * k)}) as near`;
    const matching = `select id, row_number() over (order by fit desc, id) as rank
      from (select id, ts_rank(body, to_tsquery('simple', $2)) as fit from ${table}
            where body @@ to_tsquery('simple', $2) order by fit desc, id limit ${2 * k}) as fitting`;
    return {
      name: "vector-hybrid",
      summary,
      usesVectors: true,
      tables: data.tables,
      seed: data.seed,
      filledFromFiles: data.filledFromFiles,
      filledInAnyOrder: data.filledInAnyOrder,
      dataBytes: data.dataBytes + rows * TEXT_BYTES,
      settings: data.settings,
      operations: [
        statementOperation({
          name: "search",
          kind: "read",
          endpoint: readEntry(viaPrimary),
          weight: 1,
          variables: [data.query, { name: "word", kind: "choice", values: WANTED }],
          statement: {
            sql: `select id, sum(1.0 / (${RANK_CONSTANT} + rank)) as score
                  from (${nearest} union all ${matching}) as both_sides
                  group by id order by score desc, id limit ${k}`,
            uses: ["query", "word"],
          },
        }),
      ],
      retry: retryPolicies.readAgain,
      invariants: data.invariants,
    };
  },
};

/** As many as pgbench can choose from. */
const WANTED = Array.from({ length: 16 }, (_, index) => `w${index}`);

/** A text of twenty words, by hash: small numbers more often than large ones, as the square of a uniform number is. */
function bodyOf(id: string): string {
  return `to_tsvector('simple', array_to_string(array(
    select 'w' || floor(${WORDS} * power((hashint8extended(${id} * 4096 + place, 5) & 65535) / 65536.0, 2))
    from generate_series(1, 20) as place), ' '))`;
}
