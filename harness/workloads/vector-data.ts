import type {
  IndexSpec,
  Invariant,
  SearchSpec,
  TableSpec,
  Variable,
  WorkloadParameter,
} from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters } from "./parameters.ts";
import { rowChunks } from "./row-chunks.ts";
import { tableBytes } from "./table-bytes.ts";

/** Parameters that all searches of vectors have in common. */
export const vectorParameters = {
  rows: { ...parameters.rows(20_000), most: 10_000_000 },
  dimension: { meaning: "numbers of each vector", default: 64, least: 2, most: 2000 },
  clusters: { meaning: "clusters that the vectors lie in", default: 100, least: 1, most: 100_000 },
  spreadPercent: {
    meaning: "standard deviation within a cluster, in percent of that of the clusters' centres",
    default: 50,
    least: 1,
    most: 1000,
  },
  queries: { meaning: "queries that are drawn from", default: 200, least: 1, most: 10_000 },
  k: { meaning: "rows that a search asks for", default: 10, least: 1, most: 1000 },
  m: { meaning: "neighbours of each row in a layer of the HNSW index", default: 16, least: 2, most: 100 },
  efConstruction: {
    meaning: "candidates that are looked at when a row is put into the HNSW index",
    default: 64,
    least: 4,
    most: 1000,
  },
  efSearch: {
    meaning: "candidates that a search looks at (hnsw.ef_search)",
    default: 40,
    least: 1,
    most: 1000,
  },
  iterativeScan: {
    meaning: "hnsw.iterative_scan: 0 off, 1 strict_order, 2 relaxed_order",
    default: 0,
    least: 0,
    most: 2,
  },
  keepsOneIn: {
    meaning:
      "one in so many answers is kept for its recall (engine native); 0: none, and recall is not known",
    default: 4,
    least: 0,
    most: 1_000_000,
  },
  distributed: parameters.distributed(),
  viaPrimary: parameters.viaPrimary(),
} satisfies Readonly<Record<string, WorkloadParameter>>;

type Values = Readonly<Record<string, number>>;

/** A table of vectors, the queries that are asked of it, and the exact answers to them. */
export interface VectorData {
  readonly tables: readonly TableSpec[];
  readonly seed: readonly string[];
  readonly dataBytes: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Draws the number of a query, every one equally likely. */
  readonly query: Variable;
  /** The vector of the query whose number is $1, as an expression that is the same for every row. */
  readonly queryVector: string;
  readonly search: SearchSpec;
  readonly invariants: readonly Invariant[];
}

/**
 * Vectors in clusters: centres, and rows around them, normally distributed in each number (as a sum of four uniform ones is,
 * nearly). All are hashes of the row's number, so that the same parameters are the same data, and the same queries.
 *
 * Queries stand in a table and are asked for by their number: a statement's text and its parameter are then the same for
 * every engine, and what is compared is the search and not how each engine writes a vector. What a client's vector would
 * cost on its way (about 12 bytes of text a number, and their parsing) is left out; the look-up by key costs about 5 us.
 * The sub-select is done once, before the scan, and its value is an ordinary operand: the index is used, and a foreign
 * table's server gets it as a parameter.
 *
 * The exact answers are found when the tables are filled, before there is an index; their ordering is by an expression that
 * no index has, should there be one all the same. They stand beside the data, under the same fingerprint: a table that is
 * filled already has them.
 */
export function vectorData(
  name: string,
  values: Values,
  { columns = [], indexes = [], filter = null }: VectorTable = {},
): VectorData {
  const { rows = 0, dimension = 0, queries = 0, k = 0, m = 16, efConstruction = 64 } = values;
  const queryVector = `(select embedding from ${name}_queries where id = $1)`;
  const perStatement = Math.max(1, Math.floor(DISTANCES_PER_STATEMENT / rows));
  return {
    tables: [
      {
        name,
        columns: [
          ["id", "bigint not null"],
          ["embedding", `vector(${dimension}) not null`],
          ...columns.map(([column, definition]): readonly [string, string] => [column, definition]),
        ],
        primaryKey: ["id"],
        distribution: values.distributed === 1 ? { column: "id" } : "local",
        indexes: [
          {
            name: `${name}_embedding`,
            definition: `using hnsw (embedding vector_l2_ops) with (m = ${m}, ef_construction = ${efConstruction})`,
          },
          ...indexes,
        ],
        rowsAtOnce: k,
      },
      {
        name: `${name}_queries`,
        columns: [
          ["id", "bigint not null"],
          ["embedding", `vector(${dimension}) not null`],
        ],
        primaryKey: ["id"],
        distribution: values.distributed === 1 ? "reference" : "local",
      },
      {
        name: `${name}_truth`,
        columns: [
          ["query", "bigint not null"],
          ["rank", "integer not null"],
          ["id", "bigint not null"],
          ["distance", "double precision not null"],
        ],
        primaryKey: ["query", "rank"],
        distribution: "local",
      },
    ],
    seed: [
      ...rowChunks(rows).map(([from, to]) =>
        fill(
          name,
          [from, to],
          [
            ["embedding", vectorOf("id", values)],
            ...columns.map(([column, , value]) => [column, value] as const),
          ],
        ),
      ),
      ...rowChunks(queries).map(([from, to]) =>
        fill(`${name}_queries`, [from, to], [["embedding", vectorOf("-id", values)]]),
      ),
      ...chunksOf(queries, perStatement).map(
        ([from, to]) =>
          `insert into ${name}_truth (query, rank, id, distance)
           select query, row_number() over (partition by query order by distance, nearest.id), nearest.id, distance
           from generate_series(${from}::bigint, ${to}) as query
           join ${name}_queries as asked on asked.id = query
           cross join lateral (
             select id, embedding <-> asked.embedding as distance from ${name}${where(filter)}
             order by (embedding <-> asked.embedding) + 0 limit ${k}
           ) as nearest
           on conflict do nothing`,
      ),
    ],
    dataBytes:
      tableBytes(rows, 16 + 4 * dimension) + indexBytes(values) + tableBytes(queries, 16 + 4 * dimension),
    settings: {
      "hnsw.ef_search": String(values.efSearch ?? 40),
      "hnsw.iterative_scan": ITERATIVE_SCAN[values.iterativeScan ?? 0] ?? "off",
    },
    query: { name: "query", kind: "uniform", from: 1, to: queries },
    queryVector,
    search: {
      query: "query",
      rows: k,
      truth: `select query, json_agg(distance order by rank) as distances from ${name}_truth group by query`,
      lastLastingId: rows,
      keepsOneIn: values.keepsOneIn ?? 0,
    },
    invariants: [
      {
        title: `${name} has the rows that it was filled with`,
        sql: `select count(*) as found from ${name} where id <= ${rows}`,
        ...bounds.exactly(rows),
      },
      {
        title: `every query of ${name} has its exact answer`,
        sql: `select count(distinct query) as found from ${name}_truth`,
        ...bounds.exactly(queries),
      },
    ],
  };
}

/** What a workload adds to the table of vectors. */
interface VectorTable {
  /** Further columns, and their values out of the row's number `id`. */
  readonly columns?: readonly (readonly [name: string, definition: string, value: string])[];
  readonly indexes?: readonly IndexSpec[];
  /** Which rows are searched, as a condition; null: all. */
  readonly filter?: string | null;
}

/** A condition as a WHERE clause. */
export function where(filter: string | null): string {
  return filter === null ? "" : ` where ${filter}`;
}

/**
 * The vector of a number, as an SQL expression: its cluster's centre, and around that its own. `seed`: another one is another
 * vector around another centre.
 */
export function vectorOf(
  number: string,
  { dimension = 0, clusters = 1, spreadPercent = 50 }: Values,
): string {
  const cluster = `((hashint8extended(${number}, 1) & ${2 ** 31 - 1}) % ${clusters})`;
  return `array(
    select (${normal("centre")} + ${spreadPercent / 100} * ${normal("own")}) / ${UNIT_DEVIATION}
    from (select hashint8extended(${cluster} * ${NUMBERS} + place, 2) as centre,
                 hashint8extended((${number}) * ${NUMBERS} + place, 3) as own
          from generate_series(1, ${dimension}) as place) as hashes
  )::real[]::vector`;
}

/** More than there are numbers in any vector. */
const NUMBERS = 4096;
/** Standard deviation of the sum of four uniform numbers of 16 bits: each has 65,536 / the root of 12. */
const UNIT_DEVIATION = 37837.2;

/** A hash of 64 bits as the sum of its four quarters, less their mean. */
function normal(hash: string): string {
  const quarters = [0, 16, 32, 48].map((bits) => `(${hash} >> ${bits} & 65535)`);
  return `(${quarters.join(" + ")} - 131070)`;
}

function fill(
  table: string,
  [from, to]: readonly [number, number],
  values: readonly (readonly [column: string, value: string])[],
): string {
  return `insert into ${table} (id, ${values.map(([column]) => column).join(", ")})
          with numbered as (select id from generate_series(${from}::bigint, ${to}) as id)
          select id, ${values.map(([, value]) => value).join(", ")} from numbered
          on conflict do nothing`;
}

/** About 20 s at 64 numbers on one core. */
const DISTANCES_PER_STATEMENT = 5e7;

function chunksOf(count: number, size: number): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => [
    index * size + 1,
    Math.min(count, (index + 1) * size),
  ]);
}

const ITERATIVE_SCAN = ["off", "strict_order", "relaxed_order"];

/**
 * pgvector's HNSW index: for each row its vector, and pointers of 6 bytes to 2 m neighbours in the lowest layer and m in each
 * above it, where one row in m is; in pages of 8 kB, of which no tuple goes over the edge.
 */
function indexBytes({ rows = 0, dimension = 0, m = 16 }: Values): number {
  const perRow = 100 + 4 * dimension + 6 * (2 * m + m / (m - 1)) + 24;
  const perPage = Math.max(1, Math.floor(8160 / perRow));
  return Math.ceil(rows / perPage) * 8192;
}
