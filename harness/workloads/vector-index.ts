import type { IndexSpec, WorkloadParameter } from "../model/workload.ts";
import { distanceOf } from "./vector-distance.ts";

/** Parameters of the index and of how it is searched. */
export const vectorIndexParameters = {
  distance: {
    meaning: "what is near: 0 euclidean (distance), 1 cosine (distance), 2 inner-product",
    names: ["euclidean", "cosine", "inner-product"],
    default: 0,
    least: 0,
    most: 2,
  },
  index: { meaning: "0: hnsw; 1: ivfflat", names: ["hnsw", "ivfflat"], default: 0, least: 0, most: 1 },
  element: {
    meaning:
      "what the index holds of a vector: 0 whole (all of it), 1 halfvec (half precision), 2 bits (one of each number, by binary_quantize)",
    names: ["whole", "halfvec", "bits"],
    default: 0,
    least: 0,
    most: 2,
  },
  everyElement: {
    meaning: "1: an index of every element, so that stages can search by one after the other",
    default: 0,
    least: 0,
    most: 1,
  },
  candidates: {
    meaning:
      "rows that an index of halfvec or bits gives, to be ranked again by their whole vectors; 0: none are",
    default: 0,
    least: 0,
    most: 10_000,
  },
  m: { meaning: "neighbours of each row in a layer of the HNSW index", default: 16, least: 2, most: 100 },
  efConstruction: {
    meaning: "candidates that are looked at when a row is put into the HNSW index",
    default: 64,
    least: 4,
    most: 1000,
  },
  efSearch: {
    meaning: "size of the list of candidates during a search (hnsw.ef_search)",
    default: 40,
    least: 1,
    most: 1000,
  },
  buildMemoryMb: {
    meaning: "maintenance_work_mem while an index is made, MiB (PostgreSQL's own default is 64)",
    default: 64,
    least: 1,
    most: 65_536,
  },
  lists: { meaning: "lists that the IVFFlat index divides rows into", default: 100, least: 1, most: 32_768 },
  probes: { meaning: "lists that a search looks at (ivfflat.probes)", default: 10, least: 1, most: 32_768 },
  iterativeScan: {
    meaning:
      "a scan that goes on until it has enough rows: 0 off, 1 strict_order (HNSW only), 2 relaxed_order",
    names: ["off", "strict_order", "relaxed_order"],
    default: 0,
    least: 0,
    most: 2,
  },
} satisfies Readonly<Record<string, WorkloadParameter>>;

/** `index` and `element` by their meaning. */
const HNSW = 0;
export const IVFFLAT = 1;
export const WHOLE = 0;

type Values = Readonly<Record<string, number>>;

/** How a kind of index is made and searched. */
interface IndexKind {
  readonly method: string;
  readonly options: (values: Values) => string;
  /** How searches are to scan: settings of the server. */
  readonly settings: (values: Values) => Readonly<Record<string, string>>;
  /** About how many pages it has; `bytes`: what it holds of each row's vector. */
  readonly pages: (values: Values, bytes: number) => number;
}

/**
 * For each row what it holds of the vector, and pointers of 6 bytes to 2 m neighbours in the lowest layer and m in each above
 * it, where one row in m is.
 */
const hnsw: IndexKind = {
  method: "hnsw",
  options: ({ m = 16, efConstruction = 64 }) => `m = ${m}, ef_construction = ${efConstruction}`,
  settings: ({ efSearch = 40, iterativeScan }) => ({
    "hnsw.ef_search": String(efSearch),
    "hnsw.iterative_scan": iterativeScanOf(iterativeScan),
  }),
  pages: ({ rows = 0, m = 16 }, bytes) => {
    const perRow = 92 + bytes + 6 * (2 * m + m / (m - 1)) + 24;
    return Math.ceil(rows / perPage(perRow));
  },
};

/** What it holds of each row, in pages of the row's list, and of each list's centre. */
const ivfflat: IndexKind = {
  method: "ivfflat",
  options: ({ lists = 1 }) => `lists = ${lists}`,
  settings: ({ probes = 10, iterativeScan }) => ({
    "ivfflat.probes": String(probes),
    "ivfflat.iterative_scan": iterativeScanOf(iterativeScan),
  }),
  pages: ({ rows = 0, lists = 1 }, bytes) => {
    // Each list's last page is half full, by and large.
    const ofRows = Math.max(lists, Math.ceil(rows / perPage(12 + bytes) + lists / 2));
    return 1 + Math.ceil(lists / perPage(12 + bytes)) + ofRows;
  },
};

/** By number of the parameter `index`. */
const kinds: readonly IndexKind[] = [hnsw, ivfflat];

function kindOf({ index = HNSW }: Values): IndexKind {
  return kinds[index] ?? hnsw;
}

function iterativeScanOf(iterativeScan = 0): string {
  return ["off", "strict_order", "relaxed_order"][iterativeScan] ?? "off";
}

const PAGE = 8192;

/** No tuple goes over a page's edge. */
function perPage(bytes: number): number {
  return Math.max(1, Math.floor(8160 / bytes));
}

/** The indexes on `embedding` of a table. */
export function vectorIndexes(table: string, values: Values): readonly IndexSpec[] {
  const { method, options } = kindOf(values);
  return elementsOf(values).map((element) => {
    const form = formOf(element, values);
    const key = element === WHOLE ? "embedding" : `(${form.of("embedding")})`;
    return {
      name: `${table}_embedding${element === WHOLE ? "" : `_${form.name}`}`,
      definition: `using ${method} (${key} ${form.operatorClass}) with (${options(values)})`,
      memoryMb: values.buildMemoryMb ?? 64,
    };
  });
}

/** How searches are to scan: settings of the server. */
export function vectorSettings(values: Values): Readonly<Record<string, string>> {
  return kindOf(values).settings(values);
}

/**
 * Gives `id` and `distance` of the rows nearest to the query whose number is $1, nearest first by what the index holds; where
 * there are candidates, nearest first by whole vectors among them, as pgvector's manual has it ("Binary Quantization"). The
 * distance is always that of the whole vectors. The query's vector is read by a sub-select once, before the scan.
 */
export function nearestRows(
  table: string,
  values: Values,
  {
    limit,
    where,
    query = `from ${table}_queries where id = $1`,
  }: {
    readonly limit: number;
    readonly where: string;
    /** Where the query's vector is read, as its column `embedding`. */
    readonly query?: string;
  },
): string {
  const { element = WHOLE, candidates = 0 } = values;
  const queryIn = (form: Form): string => `(select ${form.of("embedding")} ${query})`;
  const [whole, held] = [formOf(WHOLE, values), formOf(element, values)];
  const distance = `embedding ${whole.operator} ${queryIn(whole)} as distance`;
  if (element === WHOLE)
    return `select id, ${distance} from ${table}${where} order by distance limit ${limit}`;
  const order = `${held.of("embedding")} ${held.operator} ${queryIn(held)}`;
  const scan = (rows: number): string =>
    `select id, ${distance} from ${table}${where} order by ${order} limit ${rows}`;
  return candidates === 0
    ? scan(limit)
    : `select id, distance from (${scan(candidates)}) as candidates order by distance limit ${limit}`;
}

/** About how much the indexes take. */
export function vectorIndexBytes(values: Values): number {
  const { pages } = kindOf(values);
  const all = elementsOf(values).map((element) => pages(values, formOf(element, values).bytes));
  return PAGE * all.reduce((sum, each) => sum + each, 0);
}

/** What an index can hold of a vector. */
interface Form {
  readonly name: string;
  readonly operator: string;
  readonly operatorClass: string;
  /** Of one, with its header. */
  readonly bytes: number;
  readonly of: (vector: string) => string;
}

function formOf(element: number, values: Values): Form {
  const { dimension = 0 } = values;
  const { operator, operatorClass } = distanceOf(values);
  if (element === 1) {
    const of = (vector: string): string => `${vector}::halfvec(${dimension})`;
    return {
      name: "halfvec",
      operator,
      operatorClass: `halfvec_${operatorClass}`,
      bytes: 8 + 2 * dimension,
      of,
    };
  }
  if (element === 2) {
    const of = (vector: string): string => `binary_quantize(${vector})::bit(${dimension})`;
    const bytes = 8 + Math.ceil(dimension / 8);
    return { name: "bit", operator: "<~>", operatorClass: "bit_hamming_ops", bytes, of };
  }
  const of = (vector: string): string => vector;
  return { name: "vector", operator, operatorClass: `vector_${operatorClass}`, bytes: 8 + 4 * dimension, of };
}

function elementsOf({ element = WHOLE, everyElement = 0 }: Values): readonly number[] {
  return everyElement === 1 ? [0, 1, 2] : [element];
}
