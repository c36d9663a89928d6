import type { IndexSpec, WorkloadDefinition, WorkloadParameter } from "../model/workload.ts";
import { distanceOf } from "./vector-distance.ts";

type Values = Readonly<Record<string, number>>;

/** A parameter that cannot be as it is, and why. */
export type Wrong = ReturnType<NonNullable<WorkloadDefinition["check"]>>;

/** A kind of index: how it is made and searched, and what it cannot be asked. */
interface IndexKind {
  /** Of the access method; what the parameter `index` calls it. */
  readonly method: string;
  /** In messages. */
  readonly title: string;
  /** Parameters that an index of another kind may not have. */
  readonly own: readonly string[];
  readonly options: (values: Values) => string;
  /** How searches are to scan: settings of the server. */
  readonly settings: (values: Values) => Readonly<Record<string, string>>;
  /** About how many pages it has; `bytes`: what it holds of each row's vector. */
  readonly pages: (values: Values, bytes: number) => number;
  /** What it cannot be made of, or searched with. */
  readonly check: (values: Values) => Wrong;
  /** The most rows that one scan gives, and as a clause why; null: as many as there are. */
  readonly scanGives: (values: Values) => { readonly rows: number; readonly because: string } | null;
}

/**
 * For each row what it holds of the vector, and pointers of 6 bytes to 2 m neighbours in the lowest layer and m in each above
 * it, where one row in m is.
 */
const hnsw: IndexKind = {
  method: "hnsw",
  title: "HNSW",
  own: ["m", "efConstruction", "efSearch"],
  options: ({ m = 16, efConstruction = 64 }) => `m = ${m}, ef_construction = ${efConstruction}`,
  settings: ({ efSearch = 40, iterativeScan }) => ({
    "hnsw.ef_search": String(efSearch),
    "hnsw.iterative_scan": iterativeScanOf(iterativeScan),
  }),
  pages: ({ rows = 0, m = 16 }, bytes) => {
    const perRow = 92 + bytes + 6 * (2 * m + m / (m - 1)) + 24;
    return Math.ceil(rows / perPage(perRow));
  },
  check: ({ m = 0, efConstruction = 0 }) =>
    wrongIf(
      efConstruction < 2 * m,
      "efConstruction",
      `expected at least twice m (pgvector refuses less), ${2 * m}, found ${efConstruction}.`,
    ),
  scanGives: ({ efSearch = 0, iterativeScan }) =>
    iterativeScan === 0
      ? {
          rows: efSearch,
          because: `efSearch, ${efSearch}, for an HNSW scan that does not go on (iterativeScan 0): it gives no more rows`,
        }
      : null,
};

/** What it holds of each row, in pages of the row's list, and of each list's centre. */
const ivfflat: IndexKind = {
  method: "ivfflat",
  title: "IVFFlat",
  own: ["lists", "probes"],
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
  check: ({ lists = 0, probes = 1, rows = Infinity, iterativeScan }) => [
    ...wrongIf(lists > rows, "lists", `expected at most as many as there are rows, ${rows}, found ${lists}.`),
    ...wrongIf(probes > lists, "probes", `expected at most as many as lists, ${lists}, found ${probes}.`),
    ...wrongIf(
      iterativeScan === 1,
      "iterativeScan",
      "expected 0 or 2 (relaxed_order): pgvector's IVFFlat has no strict_order, found 1.",
    ),
  ],
  scanGives: () => null,
};

/** Every kind of index, by number of the parameter `index`. */
const kinds: readonly IndexKind[] = [hnsw, ivfflat];

export function kindOf({ index = 0 }: Values): IndexKind {
  const kind = kinds[index];
  if (kind === undefined) throw new RangeError(`There is no kind of index ${index}.`);
  return kind;
}

/** Parameters that only other kinds of index have, each with why an index of this kind has none. */
export function parametersOfOthers(
  values: Values,
): readonly { readonly name: string; readonly why: string }[] {
  const own = kindOf(values);
  const article = /^[aeiou]|^HNSW/i.test(own.title) ? "an" : "a";
  return kinds.flatMap((other, number) =>
    other.own
      .filter((name) => !own.own.includes(name))
      .map((name) => ({
        name,
        why: `${article} ${own.title} index has none (index ${number} is ${other.title})`,
      })),
  );
}

export function wrongIf(isWrong: boolean, parameter: string, message: string): Wrong {
  return isWrong ? [{ parameter, message }] : [];
}

const ITERATIVE_SCANS = ["off", "strict_order", "relaxed_order"] as const;

function iterativeScanOf(iterativeScan = 0): string {
  return ITERATIVE_SCANS[iterativeScan] ?? "off";
}

const PAGE = 8192;

/** No tuple goes over a page's edge. */
function perPage(bytes: number): number {
  return Math.max(1, Math.floor(8160 / bytes));
}

/** What an index can hold of a vector, and how it is searched by that. */
interface Form {
  /** What the parameter `element` calls it, and what that means. */
  readonly element: string;
  readonly meaning: string;
  readonly type: string;
  /** Of a distance: the operator, and the operator class of the index. */
  readonly operators: (distance: Distance) => { readonly operator: string; readonly operatorClass: string };
  /** Of one, with its header. */
  readonly bytes: (dimension: number) => number;
  readonly of: (vector: string, dimension: number) => string;
}

type Distance = ReturnType<typeof distanceOf>;

/** By number of the parameter `element`. */
const forms: readonly Form[] = [
  {
    element: "whole",
    meaning: "whole (all of it)",
    type: "vector",
    operators: ({ operator, operatorClass }) => ({ operator, operatorClass: `vector_${operatorClass}` }),
    bytes: (dimension) => 8 + 4 * dimension,
    of: (vector) => vector,
  },
  {
    element: "halfvec",
    meaning: "halfvec (half precision)",
    type: "halfvec",
    operators: ({ operator, operatorClass }) => ({ operator, operatorClass: `halfvec_${operatorClass}` }),
    bytes: (dimension) => 8 + 2 * dimension,
    of: (vector, dimension) => `${vector}::halfvec(${dimension})`,
  },
  {
    element: "bits",
    meaning: "bits (one of each number, by binary_quantize)",
    type: "bit",
    operators: () => ({ operator: "<~>", operatorClass: "bit_hamming_ops" }),
    bytes: (dimension) => 8 + Math.ceil(dimension / 8),
    of: (vector, dimension) => `binary_quantize(${vector})::bit(${dimension})`,
  },
];

/** Of `element`: nothing is left out. */
export const WHOLE = 0;

/** Parameters of the index and of how it is searched. */
export const vectorIndexParameters = {
  distance: {
    meaning: "what is near: 0 euclidean (distance), 1 cosine (distance), 2 inner-product",
    names: ["euclidean", "cosine", "inner-product"],
    default: 0,
    least: 0,
    most: 2,
  },
  index: {
    meaning: kinds.map(({ method }, number) => `${number}: ${method}`).join("; "),
    names: kinds.map(({ method }) => method),
    default: 0,
    least: 0,
    most: kinds.length - 1,
  },
  element: {
    meaning: `what the index holds of a vector: ${forms.map(({ meaning }, number) => `${number} ${meaning}`).join(", ")}`,
    names: forms.map(({ element }) => element),
    default: WHOLE,
    least: 0,
    most: forms.length - 1,
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
    names: ITERATIVE_SCANS,
    default: 0,
    least: 0,
    most: 2,
  },
} satisfies Readonly<Record<string, WorkloadParameter>>;

/** The indexes on `embedding` of a table. */
export function vectorIndexes(table: string, values: Values): readonly IndexSpec[] {
  const { method, options } = kindOf(values);
  return elementsOf(values).map((element) => {
    const form = formOf(element, values);
    const key = element === WHOLE ? "embedding" : `(${form.of("embedding")})`;
    return {
      name: `${table}_embedding${element === WHOLE ? "" : `_${form.type}`}`,
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
  const queryIn = (form: FormOf): string => `(select ${form.of("embedding")} ${query})`;
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

interface FormOf {
  readonly type: string;
  readonly operator: string;
  readonly operatorClass: string;
  readonly bytes: number;
  readonly of: (vector: string) => string;
}

/** A form for vectors of these values. */
function formOf(element: number, values: Values): FormOf {
  const form = forms[element];
  if (form === undefined)
    throw new RangeError(`An index can hold nothing that is called ${element} of a vector.`);
  const { dimension = 0 } = values;
  return {
    type: form.type,
    ...form.operators(distanceOf(values)),
    bytes: form.bytes(dimension),
    of: (vector) => form.of(vector, dimension),
  };
}

function elementsOf({ element = WHOLE, everyElement = 0 }: Values): readonly number[] {
  return everyElement === 1 ? [...forms.keys()] : [element];
}
