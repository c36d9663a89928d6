import type { WorkloadParameter } from "../model/workload.ts";

/** Parameters of what vectors are drawn from. */
export const vectorValuesParameters = {
  dimension: { meaning: "numbers of each vector", default: 64, least: 2, most: 2000 },
  data: {
    meaning:
      "how vectors lie: 0 in clusters, 1 uniform, 2 on a surface of few dimensions, 3 other-queries: in clusters, with queries around centres of their own (out of distribution); or the path of a file of your own in its place, .fbin, .u8bin or .hdf5 (4)",
    names: ["clusters", "uniform", "surface", "other-queries"],
    default: 0,
    least: 0,
    most: 4,
  },
  clusters: { meaning: "clusters that the vectors lie in", default: 100, least: 1, most: 100_000 },
  spreadPercent: {
    meaning: "standard deviation within a cluster, in percent of that of the clusters' centres",
    default: 50,
    least: 1,
    most: 1000,
  },
  intrinsic: {
    meaning: "dimensions of the surface that vectors lie on (data 2)",
    default: 8,
    least: 1,
    most: 2000,
  },
} satisfies Readonly<Record<string, WorkloadParameter>>;

/** `data` by its meaning. */
export const SHAPES = { clusters: 0, uniform: 1, surface: 2, otherQueries: 3, files: 4 } as const;

/** Parameters whose values are paths, of workloads that take their vectors from files. */
export const vectorFileParameters = {
  data: "base vectors: .fbin or .u8bin of big-ann-benchmarks, or .hdf5 of ann-benchmarks, which holds queries and ground truth too",
  queryFile: "queries: .fbin, .u8bin or .hdf5",
  groundTruthFile: "the rows nearest to each query: .bin or .ibin of big-ann-benchmarks, or .hdf5",
} as const;

type Values = Readonly<Record<string, number>>;

/**
 * The vector of a number, as an SQL expression: hashes of the number, so that the same parameters are the same data. Rows and
 * queries are to have different numbers; `isQuery` also has them drawn from something else where `data` says so.
 *
 * In clusters: its cluster's centre, and around that its own, normally distributed in each number (as a sum of four uniform
 * ones is, nearly). Uniformly: each number in -1 to 1. On a surface: each number is the sine of one of a few that are drawn
 * for the vector, with a frequency and a phase of the place; so few dimensions are all there is to it.
 */
export function vectorOf(number: string, values: Values, { isQuery = false } = {}): string {
  const { dimension = 0, data } = values;
  const { hashes, value } =
    data === SHAPES.uniform
      ? uniformly(number)
      : data === SHAPES.surface
        ? onSurface(number, values)
        : inClusters(number, values, isQuery && data === SHAPES.otherQueries);
  const columns = Object.entries(hashes).map(([name, hash]) => `${hash} as ${name}`);
  return `array(
    select ${value} from (select ${columns.join(", ")} from generate_series(1, ${dimension}) as place) as hashes
  )::real[]::vector`;
}

/** Hashes of a place in a vector by the names that `value` has for them. */
interface Drawn {
  readonly hashes: Readonly<Record<string, string>>;
  readonly value: string;
}

function inClusters(
  number: string,
  { clusters = 1, spreadPercent = 50 }: Values,
  otherCentres: boolean,
): Drawn {
  const cluster = `((hashint8extended(${number}, 1) & ${2 ** 31 - 1}) % ${clusters})`;
  return {
    hashes: {
      centre: `hashint8extended(${cluster} * ${NUMBERS} + place, ${otherCentres ? 6 : 2})`,
      own: ownHash(number),
    },
    value: `(${normal("centre")} + ${spreadPercent / 100} * ${normal("own")}) / ${UNIT_DEVIATION}`,
  };
}

function uniformly(number: string): Drawn {
  return { hashes: { own: ownHash(number) }, value: uniform("own") };
}

function onSurface(number: string, { intrinsic = 1 }: Values): Drawn {
  return {
    hashes: {
      drawn: ownHash(number, `place % ${intrinsic}`),
      frequency: "hashint8extended(place, 2)",
      phase: "hashint8extended(place, 4)",
    },
    value: `sin(pi() * ((1.5 + ${uniform("frequency")}) * ${uniform("drawn")} + ${uniform("phase")}))`,
  };
}

/** More than there are numbers in any vector. */
const NUMBERS = 4096;
/** Standard deviation of the sum of four uniform numbers of 16 bits: each has 65,536 / the root of 12. */
const UNIT_DEVIATION = 37837.2;

function ownHash(number: string, place = "place"): string {
  return `hashint8extended((${number}) * ${NUMBERS} + ${place}, 3)`;
}

/** A hash of 64 bits as the sum of its four quarters, less their mean. */
function normal(hash: string): string {
  const quarters = [0, 16, 32, 48].map((bits) => `(${hash} >> ${bits} & 65535)`);
  return `(${quarters.join(" + ")} - 131070)`;
}

/** A hash's lower half as a number from -1 to 1. */
function uniform(hash: string): string {
  return `((${hash} & 4294967295) / 2147483648.0::float8 - 1)`;
}
