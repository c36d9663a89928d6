import type { AccessPath, CopyAnswer, CopyReading } from "../model/copy-answers.ts";
import type { SearchSpec, Statement } from "../model/workload.ts";

/** One of the workload's queries, with its vector as it is written for its type. */
export interface AskedVector {
  readonly query: number;
  readonly vector: string;
  readonly type: string;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Gives the first so many of the queries as AskedVector has them. */
export function vectorsQuery({ copies }: SearchSpec, queries: number): string {
  const { queries: table, vector } = copies;
  return `select id as query, ${vector}::text as vector, pg_typeof(${vector})::text as type
          from ${table} order by id limit ${queries}`;
}

/**
 * Searches in one statement. A server plans as many in a fraction of a second; the time grows with their square (500: 4 s,
 * 2000: 71 s), and some ten thousand are more than its stack holds.
 */
export const SEARCHES_PER_STATEMENT = 100;

/**
 * The workload's own search for each query in each part of its table, as statements of `part`, `query`, `id` and
 * `distance`. The table of queries is one row of the statement's own, so that it can be asked of any server that has the
 * part, whatever else it has.
 */
export function searchEachPart({
  statement: { sql, uses },
  search,
  parts,
  vectors,
  perStatement = SEARCHES_PER_STATEMENT,
}: {
  readonly statement: Statement;
  readonly search: SearchSpec;
  readonly parts: readonly string[];
  readonly vectors: readonly AskedVector[];
  readonly perStatement?: number;
}): readonly string[] {
  const { table, queries, vector: column } = search.copies;
  const number = `$${uses.indexOf(search.query) + 1}`;
  const name = new RegExp(`\\b${table}\\b`, "g");
  const searches = parts.flatMap((part) =>
    vectors.map(({ query, vector, type }) => {
      const own = sql.replaceAll(number, String(query)).replaceAll(name, part);
      const asked = `with ${queries} (id, ${column}) as (values (${query}::bigint, '${vector}'::${type}))`;
      return `select '${part}' as part, ${query} as query, id, distance from (${asked} ${own}) as found`;
    }),
  );
  return Array.from({ length: Math.ceil(searches.length / perStatement) }, (_, index) =>
    searches.slice(index * perStatement, (index + 1) * perStatement).join("\nunion all\n"),
  );
}

/** Numbers that a busy core compares in a millisecond for an exact scan, of which each row costs as much as of 128 at least. */
const COMPARED_PER_MS = 1e5;

/** About how long one exact search of all rows takes, of vectors that are written as these are. */
export function exactSearchMs({ lastLastingId: rows }: SearchSpec, vectors: readonly AskedVector[]): number {
  const dimension = vectors[0]?.vector.split(",").length ?? 0;
  return (rows * Math.max(128, dimension)) / COMPARED_PER_MS;
}

/** Bytes of all indexes on the parts but their primary keys'. */
export function indexBytesQuery(parts: readonly string[]): string {
  return `select sum(pg_relation_size(indexrelid)) as bytes from pg_index
          where not indisprimary and indrelid in (${parts.map((part) => `'${part}'::regclass`).join(", ")})`;
}

/** How the parts are read by what EXPLAIN (FORMAT JSON) of every statement said, and whether each of them by that access path alone. */
export function planOf(
  rows: Rows,
  parts: readonly string[],
  path: AccessPath,
): Pick<CopyReading, "plan" | "taken"> {
  const nodes = nodesIn(rows.map((row) => row["QUERY PLAN"])).filter(
    (node) => typeof node["Relation Name"] === "string" && parts.includes(node["Relation Name"]),
  );
  const read = new Set(nodes.map((node) => node["Relation Name"]));
  return {
    plan: [...new Set(nodes.map(nodeInWords))],
    taken: read.size === parts.length && nodes.every((node) => takes(node, path)),
  };
}

/** Whether every part is read, once at least, in the order that an index of distances gives. */
export function searchesByIndex(rows: Rows, parts: readonly string[]): boolean {
  const ordered = nodesIn(rows.map((row) => row["QUERY PLAN"])).filter((node) => takes(node, "index"));
  return parts.every((part) => ordered.some((node) => node["Relation Name"] === part));
}

type PlanNode = Readonly<Record<string, unknown>>;

/** All nodes of a plan, whatever holds them. */
function nodesIn(plan: unknown): PlanNode[] {
  const value: unknown = typeof plan === "string" ? JSON.parse(plan) : plan;
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== "object" || value === null) return [];
  const node = value as PlanNode;
  const inside = [node.Plan, node.Plans].flatMap((each) => (each === undefined ? [] : nodesIn(each)));
  return "Node Type" in node ? [node, ...inside] : inside;
}

/** Rows that come out of an index in the order of their distance, or all rows. */
function takes(node: PlanNode, path: AccessPath): boolean {
  return path === "index"
    ? node["Node Type"] === "Index Scan" && node["Order By"] !== undefined
    : node["Node Type"] === "Seq Scan";
}

function nodeInWords(node: PlanNode): string {
  const index = node["Index Name"];
  const type = String(node["Node Type"]);
  return typeof index === "string" ? `${type} using ${index}` : `${type} on ${String(node["Relation Name"])}`;
}

/** The rows as answers, one for each query in each part: a search that found nothing is one without rows. */
export function answersIn(
  rows: Rows,
  parts: readonly string[],
  vectors: readonly AskedVector[],
): CopyAnswer[] {
  const answers = new Map<string, { ids: number[]; distances: number[] }>();
  for (const { part, query, id, distance } of rows) {
    const key = `${String(part)} ${String(query)}`;
    const answer = answers.get(key) ?? { ids: [], distances: [] };
    answer.ids.push(Number(id));
    answer.distances.push(Number(distance));
    answers.set(key, answer);
  }
  return parts.flatMap((part) =>
    vectors.map(({ query }) => ({
      part,
      query,
      ...(answers.get(`${part} ${query}`) ?? { ids: [], distances: [] }),
    })),
  );
}
