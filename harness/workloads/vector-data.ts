import type {
  FileFill,
  IndexSpec,
  Invariant,
  SearchSpec,
  TableSpec,
  Variable,
  WorkloadParameter,
} from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { FILE_ROWS } from "./file-rows.ts";
import { parameters } from "./parameters.ts";
import { rowChunks } from "./row-chunks.ts";
import { tableBytes } from "./table-bytes.ts";
import { distanceOf } from "./vector-distance.ts";
import {
  nearestRows,
  vectorIndexBytes,
  vectorIndexes,
  vectorIndexParameters,
  vectorSettings,
  WHOLE,
} from "./vector-index.ts";
import { SHAPES, vectorOf, vectorValuesParameters } from "./vector-values.ts";

/** Parameters that all searches of vectors have in common. */
export const vectorParameters = {
  rows: { ...parameters.rows(20_000), most: 10_000_000 },
  ...vectorValuesParameters,
  queries: { meaning: "queries that are drawn from", default: 200, least: 1, most: 10_000 },
  k: { meaning: "rows that a search asks for", default: 10, least: 1, most: 1000 },
  ...vectorIndexParameters,
  exactAnswers: {
    meaning:
      "what answers are compared with: 0 what an exact scan finds, 1 what the ground truth of your files names, which is taken by itself where it covers all that is asked",
    default: 0,
    least: 0,
    most: 1,
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
  /** Only where vectors are read from files. */
  readonly filledFromFiles?: readonly FileFill[];
  readonly filledInAnyOrder: readonly string[];
  readonly dataBytes: number;
  readonly settings: Readonly<Record<string, string>>;
  /** Draws the number of a query, every one equally likely. */
  readonly query: Variable;
  /** Gives `id` and `distance` of that many rows that are nearest to the query whose number is $1. */
  readonly nearest: (limit: number) => string;
  readonly search: SearchSpec;
  readonly invariants: readonly Invariant[];
}

/**
 * Queries stand in a table and are asked for by their number: a statement's text and its parameter are then the same for
 * every engine, and what is compared is the search and not how each engine writes a vector. What a client's vector would
 * cost on its way (about 12 bytes of text a number, and their parsing) is left out; the look-up by key costs about 5 us.
 * The sub-select is done once, before the scan, and its value is an ordinary operand: the index is used, and a foreign
 * table's server gets it as a parameter.
 *
 * The exact answers are found when the tables are filled, before there is an index, one query after the other (Citus refuses
 * a lateral join with a LIMIT); their ordering is by an expression that no index has, should there be one all the same. They
 * are of whole vectors, whatever the index holds of them. They stand beside the data, under the same fingerprint: a table
 * that is filled already has them.
 */
export function vectorData(
  name: string,
  values: Values,
  { columns = [], indexes = [], filter = null }: VectorTable = {},
): VectorData {
  const { rows = 0, dimension = 0, queries = 0, k = 0, data, exactAnswers } = values;
  const fromFiles = data === SHAPES.files;
  const { operator } = distanceOf(values);
  const vectorsAtOnce = vectorsPerStatement(values);
  const queriesAtOnce = Math.max(1, Math.floor(COMPARED_PER_STATEMENT / (rows * Math.max(128, dimension))));
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
        indexes: [...vectorIndexes(name, values), ...indexes],
        rowsAtOnce: k,
      },
      vectorTable(`${name}_queries`, values),
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
      ...(fromFiles ? [] : rowChunks(rows, vectorsAtOnce)).map(([from, to]) =>
        fill(name, numbered(from, to), [
          ["embedding", vectorOf("id", values)],
          ...columns.map(([column, , value]) => [column, value] as const),
        ]),
      ),
      ...(fromFiles ? [] : rowChunks(queries, vectorsAtOnce)).map(([from, to]) =>
        fill(`${name}_queries`, numbered(from, to), [
          ["embedding", vectorOf("-id", values, { isQuery: true })],
        ]),
      ),
      ...(exactAnswers === 1 ? [] : rowChunks(queries, queriesAtOnce)).map(([from, to]) =>
        fillTruth(name, {
          asked: `id, embedding from generate_series(${from}::bigint, ${to}) as id join ${name}_queries using (id)`,
          operator,
          among: `${where(filter)} order by (embedding ${operator} asked.embedding) + 0 limit ${k}`,
        }),
      ),
    ],
    ...(fromFiles ? { filledFromFiles: filesInto(name, values, columns) } : {}),
    filledInAnyOrder: [`${name}_truth`],
    dataBytes:
      tableBytes(rows, 16 + 4 * dimension) +
      vectorIndexBytes(values) +
      tableBytes(queries, 16 + 4 * dimension),
    settings: vectorSettings(values),
    query: { name: "query", kind: "uniform", from: 1, to: queries },
    nearest: (limit) => nearestRows(name, values, { limit, where: where(filter) }),
    search: {
      query: "query",
      rows: k,
      truth: `select query, json_agg(distance order by rank) as distances from ${name}_truth group by query`,
      lastLastingId: rows,
      keepsOneIn: values.keepsOneIn ?? 0,
      copies: {
        table: name,
        queries: `${name}_queries`,
        vector: "embedding",
        exact: nearestRows(
          name,
          { ...values, element: WHOLE, candidates: 0 },
          { limit: k, where: where(filter) },
        ),
      },
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

/** Statements that fill a table of `id` and `embedding` with so many vectors as they are made of the numbers that follow `after`. */
export function madeVectors(
  table: string,
  { after, rows, values }: { readonly after: number; readonly rows: number; readonly values: Values },
): readonly string[] {
  return rowChunks(rows, vectorsPerStatement(values)).map(([from, to]) =>
    fill(table, numbered(after + from, after + to), [["embedding", vectorOf("id", values)]]),
  );
}

function vectorsPerStatement({ dimension = 1 }: Values): number {
  return Math.floor(NUMBERS_PER_STATEMENT / dimension);
}

/** A condition as a WHERE clause. */
function where(filter: string | null): string {
  return filter === null ? "" : ` where ${filter}`;
}

/** Rows of their number alone, as the source of `fill`. */
function numbered(from: number, to: number): string {
  return `select id from generate_series(${from}::bigint, ${to}) as id`;
}

/** `source`: a query of `id` and whatever else the values are made of. */
function fill(
  table: string,
  source: string,
  values: readonly (readonly [column: string, value: string])[],
): string {
  return `insert into ${table} (id, ${values.map(([column]) => column).join(", ")})
          with numbered as (${source})
          select id, ${values.map(([, value]) => value).join(", ")} from numbered
          on conflict do nothing`;
}

/** `asked`: a query of each query's `id` and `embedding`, without its SELECT; `among`: which rows its answer is made of. */
function fillTruth(
  name: string,
  { asked, operator, among }: { readonly asked: string; readonly operator: string; readonly among: string },
): string {
  return `do $fill$
           declare asked record;
           begin
             for asked in select ${asked} loop
               insert into ${name}_truth (query, rank, id, distance)
               select asked.id, row_number() over (order by distance, nearest.id), nearest.id, distance
               from (
                 select id, embedding ${operator} asked.embedding as distance from ${name}${among}
               ) as nearest
               on conflict do nothing;
             end loop;
           end $fill$`;
}

/**
 * Of ground truth only the rows' ids are taken: distances are the extension's own, as those of answers are, whatever the file
 * has (squares of Euclidean distances, inner products of either sign).
 */
function filesInto(
  name: string,
  values: Values,
  columns: NonNullable<VectorTable["columns"]>,
): readonly FileFill[] {
  const { rows = 0, queries = 0, k = 0, exactAnswers } = values;
  const truth: FileFill = {
    of: "groundTruth",
    table: `${name}_truth`,
    from: 0,
    rows: queries,
    columns: k,
    plus: 1,
    firstId: 1,
    sql: fillTruth(name, {
      asked: `id, ('{' || value || '}')::bigint[] as ids, embedding from ${FILE_ROWS} as line join ${name}_queries using (id)`,
      operator: distanceOf(values).operator,
      among: " where id = any (asked.ids)",
    }),
  };
  return [
    fileVectors("base", name, { from: 0, rows, values, columns }),
    fileVectors("queries", `${name}_queries`, { from: 0, rows: queries, values }),
    ...(exactAnswers === 1 ? [truth] : []),
  ];
}

/** So many vectors of a file into a table of `id` and `embedding`; ids are the rows' numbers in the file, from 1. */
export function fileVectors(
  of: "base" | "queries",
  table: string,
  {
    from,
    rows,
    values: { dimension = 0 },
    columns = [],
  }: {
    readonly from: number;
    readonly rows: number;
    readonly values: Values;
    readonly columns?: NonNullable<VectorTable["columns"]>;
  },
): FileFill {
  return {
    of,
    table,
    from,
    rows,
    columns: dimension,
    plus: 0,
    firstId: from + 1,
    sql: fill(table, `select id, ('[' || value || ']')::vector as embedding from ${FILE_ROWS} as line`, [
      ["embedding", "embedding"],
      ...columns.map(([column, , value]) => [column, value] as const),
    ]),
  };
}

/** A table of vectors beside the searched one, from which single ones can be taken by their id. */
export function vectorTable(name: string, { dimension, distributed }: Values): TableSpec {
  return {
    name,
    columns: [
      ["id", "bigint not null"],
      ["embedding", `vector(${dimension}) not null`],
    ],
    primaryKey: ["id"],
    distribution: distributed === 1 ? "reference" : "local",
  };
}

/** Numbers that are made of hashes: about 10 s on one core, twice that on a busy one. */
const NUMBERS_PER_STATEMENT = 50_000 * 128;
/** Numbers that are compared for distances, of which each costs as much as of 128 numbers at least: about 10 s on one core. */
const COMPARED_PER_STATEMENT = 2.5e7 * 128;
