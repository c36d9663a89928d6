import path from "node:path";
import type { VectorFile, VectorFiles } from "../model/benchmark.ts";
import { type Problem, UsageError } from "../model/errors.ts";
import { formatNumber, listed } from "../model/format-value.ts";
import type { WorkloadDefinition } from "../model/workload.ts";
import { didYouMean } from "../schema/nearest.ts";
import { noSuchParameter } from "./check-benchmark.ts";
import { checkGroundTruth, checkVectors } from "../vector-files/check-vectors.ts";
import { type AskedFile, LEAVE_OUT } from "../vector-files/matrix.ts";
import {
  isHdf5,
  type OpenVectorFile,
  openVectorFile,
  sha256Of,
  type VectorFileUse,
} from "../vector-files/open-vector-file.ts";
import { parameterDefaults } from "../workloads/catalogue.ts";
import { vectorParameters } from "../workloads/vector-data.ts";
import { distanceInFile, distanceOf, distances } from "../workloads/vector-distance.ts";
import { SHAPES, vectorFileParameters } from "../workloads/vector-values.ts";

/** A workload's parameters as they were given: numbers, and paths of files. */
export interface GivenParameters {
  readonly parameters: Readonly<Record<string, number | string>>;
  /** Whether `--set` gave it, and not the scenario. */
  readonly isSet: (name: string) => boolean;
  /** Where a scenario's own paths are relative to. */
  readonly folder: string;
}

/** Parameters in numbers alone, what is wrong with those that are not, and the files that they named; null: none. */
export interface ResolvedParameters {
  readonly parameters: Readonly<Record<string, number>>;
  readonly files: VectorFiles | null;
  readonly problems: readonly Problem[];
}

/**
 * Opens, reads once and checks the files that parameters name, and says in numbers what they hold. Without files, parameters
 * come back as they are. Where `--set` names the data, what the scenario says of the data that it would have made is left out.
 */
export async function resolveVectorFiles(
  asGiven: GivenParameters,
  definition: WorkloadDefinition | undefined,
): Promise<ResolvedParameters> {
  const all = withoutNames(asGiven.parameters, definition);
  const given = { ...asGiven, parameters: all };
  const numbers: Readonly<Record<string, number>> = Object.fromEntries(
    Object.entries(all).filter((each): each is [string, number] => typeof each[1] === "number"),
  );
  if (definition === undefined) return { parameters: numbers, files: null, problems: [] };
  const problems = [...checkForms(given, definition)];
  const { data } = all;
  if (typeof data !== "string" || definition.takesVectorFiles !== true) {
    // What is told already is not told again.
    const told = data === SHAPES.files ? ["data", ...fileNames] : fileNames;
    const isToo = definition.takesVectorFiles === true;
    return { parameters: isToo ? without(numbers, told) : numbers, files: null, problems };
  }
  const replaced = given.isSet("data") ? OF_MADE_DATA.filter((name) => !given.isSet(name)) : [];
  const asked = without(numbers, [...replaced, ...fileNames]);
  const opener = new Opener(given, problems);
  try {
    const inData = isHdf5(data) ? ({ name: "data", file: data } as const) : null;
    const base = await opener.open({ name: "data", file: data }, "base");
    const queries = await opener.open(opener.named("queryFile") ?? inData, "queries");
    if (queries === "none" && all.queryFile === undefined)
      problems.push({
        where: whereOf("queryFile"),
        message: `expected the path of a file of queries besides ${data}, found none.`,
        suggestion: "Use --set benchmark.parameters.queryFile=FILE.",
      });
    if (isOpen(base) && isOpen(queries)) {
      const values = { ...parameterDefaults(definition), ...numbers, ...asked };
      const sizes = chooseSizes({ base, queries, asked, values });
      problems.push(...sizes.problems);
      const scannedBecause = whyScanned({ base, asked, values, sizes });
      // One that is named is opened even where it is not used: a wrong path is told.
      const inDataToo = scannedBecause === null ? inData : null;
      const truth = await opener.open(opener.named("groundTruthFile") ?? inDataToo, "groundTruth");
      if (asked.exactAnswers === 1) problems.push(...checkAskedTruth(truth, scannedBecause));
      const used = isOpen(truth) && scannedBecause === null ? truth : null;
      if (used !== null) problems.push(...fitTruth({ truth: used, queries, base, values, sizes }));
      const read = await readFiles({ base, queries, truth: used, sizes, k: values.k ?? 1 }, problems);
      const { rows, dimension, queries: drawn, distance } = sizes;
      const exactAnswers = read.groundTruth === null ? 0 : 1;
      return {
        parameters: { ...asked, data: SHAPES.files, rows, dimension, queries: drawn, distance, exactAnswers },
        files: {
          ...read,
          scannedBecause: scannedBecause ?? (truth === "none" ? "no file of ground truth is given" : null),
          distance: base.file.distance,
        },
        problems,
      };
    }
    await opener.open(opener.named("groundTruthFile"), "groundTruth");
    return { parameters: without(asked, ["exactAnswers"]), files: null, problems };
  } finally {
    await opener.close();
  }
}

/** Values that were given by their names as the numbers that these stand for. */
function withoutNames(
  parameters: GivenParameters["parameters"],
  definition: WorkloadDefinition | undefined,
): GivenParameters["parameters"] {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const number = namesOf(name, definition).findIndex((each) => each === value);
      return [name, number === -1 ? value : number];
    }),
  );
}

function namesOf(parameter: string, definition: WorkloadDefinition | undefined): readonly string[] {
  const parameters = definition?.parameters ?? {};
  return Object.hasOwn(parameters, parameter) ? (parameters[parameter]?.names ?? []) : [];
}

/** Opens files by the parameters that name them. */
class Opener {
  readonly #given: GivenParameters;
  readonly #problems: Problem[];
  readonly #opened: OpenVectorFile[] = [];
  readonly #hashes = new Map<string, Promise<string>>();

  /** Gets the problems of those that cannot be opened. */
  constructor(given: GivenParameters, problems: Problem[]) {
    this.#given = given;
    this.#problems = problems;
  }

  /** What a parameter names; null: it is not given. */
  named(name: FileName): NamedFile | null {
    const file = this.#given.parameters[name];
    return typeof file === "string" ? { name, file } : null;
  }

  async open(named: NamedFile | null, use: VectorFileUse): Promise<Opened | "none" | "refused"> {
    if (named === null) return "none";
    const { isSet, folder } = this.#given;
    const file = isSet(named.name) ? named.file : path.resolve(folder, named.file);
    const asked = { where: whereOf(named.name), path: file };
    const opened = await collecting(this.#problems, () =>
      openVectorFile(asked, use, (hashed) => this.#hash(hashed)),
    );
    if (opened === null) return "refused";
    this.#opened.push(opened);
    return { asked, file: opened };
  }

  async close(): Promise<void> {
    for (const file of this.#opened) await file[Symbol.asyncDispose]();
  }

  #hash(file: string): Promise<string> {
    const hash = this.#hashes.get(file) ?? sha256Of(file);
    this.#hashes.set(file, hash);
    return hash;
  }
}

interface NamedFile {
  readonly name: FileName;
  readonly file: string;
}

interface Opened {
  readonly asked: AskedFile;
  readonly file: OpenVectorFile;
}

function isOpen(opened: Opened | "none" | "refused"): opened is Opened {
  return typeof opened === "object";
}

/** Reads each file once, from its beginning to its end. */
async function readFiles(
  {
    base,
    queries,
    truth,
    sizes,
    k,
  }: {
    readonly base: Opened;
    readonly queries: Opened;
    readonly truth: Opened | null;
    readonly sizes: Sizes;
    readonly k: number;
  },
  problems: Problem[],
): Promise<Pick<VectorFiles, "base" | "queries" | "groundTruth">> {
  const { rows, queries: used, distance } = sizes;
  const read = async (
    { asked, file }: Opened,
    check: () => ReturnType<typeof checkVectors>,
  ): Promise<VectorFile> => {
    const checked = await collecting(problems, check);
    problems.push(...(checked?.problems ?? []));
    const { matrix, format } = file;
    const { rows: count, columns, bytes } = matrix;
    return { path: asked.path, format, rows: count, columns, bytes, sha256: checked?.sha256 ?? "" };
  };
  const vectors = (opened: Opened, count: number): Promise<VectorFile> =>
    read(opened, () => checkVectors(opened.file.matrix, opened.asked, { used: count, distance }));
  // What ground truth names is looked up in the others, which must be what they should be.
  const before = problems.length;
  const [ofBase, ofQueries] = [await vectors(base, rows), await vectors(queries, used)];
  const isSound = before === 0 && problems.length === 0;
  const matrices = { base: base.file.matrix, queries: queries.file.matrix };
  return {
    base: ofBase,
    queries: ofQueries,
    groundTruth:
      truth === null || !isSound
        ? null
        : await read(truth, () =>
            checkGroundTruth(truth.file.matrix, truth.asked, { ...matrices, used, k, distance }),
          ),
  };
}

/** Ground truth is asked for: that it would not be used is told. */
function checkAskedTruth(
  truth: Opened | "none" | "refused",
  scannedBecause: string | null,
): readonly Problem[] {
  if (scannedBecause !== null)
    return fits("exactAnswers", false, {
      expected: `0, as ${scannedBecause}`,
      found: "1",
      suggestion: "Leave it out.",
    });
  return fits("groundTruthFile", truth !== "none", {
    expected: "the path of a file of ground truth for exactAnswers 1",
    found: "none",
    suggestion: "Use --set benchmark.parameters.groundTruthFile=FILE, or leave exactAnswers out.",
  });
}

type FileName = keyof typeof vectorFileParameters;

/** Names of parameters that are paths alone. */
const fileNames: readonly string[] = Object.keys(vectorFileParameters).filter((name) => name !== "data");
/** What describes data that a workload makes. */
const OF_MADE_DATA = ["rows", "dimension", "distance", "clusters", "spreadPercent", "intrinsic"];

function whereOf(name: string): string {
  return `benchmark.parameters.${name}`;
}

/** Numbers where paths are expected, and the other way round. */
function checkForms({ parameters }: GivenParameters, definition: WorkloadDefinition): readonly Problem[] {
  const takesFiles = definition.takesVectorFiles === true;
  const hasFiles = typeof parameters.data === "string";
  return Object.entries(parameters).flatMap(([name, value]) => {
    const where = whereOf(name);
    const isFile = takesFiles && fileNames.includes(name);
    if (isFile && typeof value === "number")
      return [{ where, message: `expected the path of a file, found ${value}.` }];
    if (isFile && !hasFiles) {
      const message = `expected none without base vectors from a file, found ${JSON.stringify(value)}.`;
      return [{ where, message, suggestion: "Use --set benchmark.parameters.data=FILE with it." }];
    }
    if (takesFiles && name === "data" && value === SHAPES.files)
      return [{ where, message: `expected the path of a file in the place of ${value}.` }];
    if (typeof value === "number" || isFile || (takesFiles && name === "data")) return [];
    if (!Object.hasOwn(definition.parameters, name)) return [noSuchParameter(where, name, definition)];
    const found = JSON.stringify(value);
    const names = namesOf(name, definition);
    return names.length === 0
      ? [{ where, message: `expected a whole number, found ${found}.` }]
      : [
          {
            where,
            message: `expected ${listed(names, "or")}, found ${found}.`,
            suggestion: didYouMean(value, names),
          },
        ];
  });
}

interface Sizes {
  readonly rows: number;
  readonly dimension: number;
  readonly queries: number;
  readonly distance: number;
  readonly problems: readonly Problem[];
}

/** What is taken of the files: all rows, and as many queries as the workload draws from, unless other numbers are asked for. */
function chooseSizes({
  base,
  queries,
  asked,
  values,
}: {
  readonly base: Opened;
  readonly queries: Opened;
  readonly asked: Readonly<Record<string, number>>;
  /** With those that the scenario has for other data, and defaults. */
  readonly values: Readonly<Record<string, number>>;
}): Sizes {
  const there = base.file.matrix;
  const { churned = 0 } = values;
  const rows = asked.rows ?? Math.max(1, there.rows - churned);
  const used = asked.queries ?? Math.min(values.queries ?? 1, queries.file.matrix.rows);
  const named = namedDistance(base);
  const distance = asked.distance ?? named.distance ?? values.distance ?? 0;
  return {
    rows: Math.min(rows, there.rows, MOST_ROWS),
    dimension: Math.min(Math.max(there.columns, LEAST_DIMENSION), MOST_DIMENSION),
    queries: Math.min(used, queries.file.matrix.rows),
    distance,
    problems: [
      ...fits("rows", rows + churned <= there.rows, {
        expected: `at most the ${formatNumber(there.rows - churned)} rows of ${base.asked.path}${
          churned === 0 ? "" : `, less the ${formatNumber(churned)} that come and go (churned)`
        }`,
        found: formatNumber(rows),
      }),
      ...fits("rows", rows <= MOST_ROWS, {
        expected: `at most ${formatNumber(MOST_ROWS)} rows, on one machine`,
        found: `${formatNumber(rows)} in ${base.asked.path}`,
        suggestion: `Take the first ones: --set benchmark.parameters.rows=${MOST_ROWS}.`,
      }),
      ...fits("dimension", (asked.dimension ?? there.columns) === there.columns, {
        expected: `${there.columns}, the dimension of ${base.asked.path}`,
        found: String(asked.dimension),
        suggestion: "Leave it out.",
      }),
      ...fits("data", there.columns >= LEAST_DIMENSION && there.columns <= MOST_DIMENSION, {
        expected: `vectors of ${LEAST_DIMENSION} to ${formatNumber(MOST_DIMENSION)} numbers, which pgvector can index`,
        found: `${formatNumber(there.columns)} in ${base.asked.path}`,
      }),
      ...fits(queries.asked, queries.file.matrix.columns === there.columns, {
        expected: `queries of ${formatNumber(there.columns)} numbers, the dimension of ${base.asked.path}`,
        found: `${formatNumber(queries.file.matrix.columns)} in ${queries.asked.path}`,
        suggestion: "Give the file of queries that belongs to these base vectors.",
      }),
      ...fits("queries", used <= queries.file.matrix.rows, {
        expected: `at most the ${formatNumber(queries.file.matrix.rows)} of ${queries.asked.path}`,
        found: formatNumber(used),
      }),
      ...named.problems,
      ...fits(
        "distance",
        asked.exactAnswers === 0 || named.distance === null || named.distance === distance,
        {
          expected: `${named.distance} (${distanceOf({ distance: named.distance ?? 0 }).name}), as ${base.asked.path} has it ("${base.file.distance}")`,
          found: `${distance} (${distanceOf({ distance }).name})`,
          suggestion: `Leave it out. ${LEAVE_OUT}`,
        },
      ),
    ],
  };
}

const MOST_ROWS = vectorParameters.rows.most;
const { least: LEAST_DIMENSION, most: MOST_DIMENSION } = vectorParameters.dimension;

/** What a file's distance is by number of the parameter `distance`; null: it names none. */
function namedDistance({ asked, file }: Opened): {
  readonly distance: number | null;
  readonly problems: readonly Problem[];
} {
  if (file.distance === null) return { distance: null, problems: [] };
  const distance = distanceInFile(file.distance);
  return {
    distance,
    problems: fits(asked, distance !== null, {
      expected: `a distance that pgvector's vectors have (${distances.flatMap(({ inFiles }) => inFiles).join(", ")}) in the attribute "distance" of ${asked.path}`,
      found: JSON.stringify(file.distance),
      suggestion: "Give a file of another distance.",
    }),
  };
}

/** Why the files' ground truth would not be that of what is asked, as a clause; null: it would. */
function whyScanned({
  base,
  asked,
  values,
  sizes,
}: {
  readonly base: Opened;
  readonly asked: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number>>;
  readonly sizes: Sizes;
}): string | null {
  const { rows } = base.file.matrix;
  if (asked.exactAnswers === 0) return "exactAnswers is 0";
  if (sizes.rows < rows)
    return `only the first ${formatNumber(sizes.rows)} of ${formatNumber(rows)} rows are taken, and ground truth is of all`;
  const { selectedPercent = 100 } = values;
  return selectedPercent < 100 ? "a search finds only some of the rows, and ground truth is of all" : null;
}

/** Ground truth that would be used and is of fewer neighbours, or of other queries. */
function fitTruth({
  truth,
  queries,
  base,
  values,
  sizes,
}: {
  readonly truth: Opened;
  readonly queries: Opened;
  readonly base: Opened;
  readonly values: Readonly<Record<string, number>>;
  readonly sizes: Sizes;
}): readonly Problem[] {
  const { k = 1 } = values;
  const { columns, rows } = truth.file.matrix;
  const named = namedDistance({ ...truth });
  const ofBase = namedDistance(base).distance;
  return [
    ...fits(truth.asked, columns >= k, {
      expected: `ground truth of at least k, ${formatNumber(k)}, rows for each query`,
      found: `${formatNumber(columns)} in ${truth.asked.path}`,
      suggestion: `Ask for fewer by k. ${LEAVE_OUT}`,
    }),
    ...fits(truth.asked, rows === queries.file.matrix.rows, {
      expected: `ground truth of the ${formatNumber(queries.file.matrix.rows)} queries of ${queries.asked.path}`,
      found: `of ${formatNumber(rows)} in ${truth.asked.path}`,
      suggestion: `Give the file that belongs to these queries. ${LEAVE_OUT}`,
    }),
    // Another file than that of the base vectors, whose distance has been looked at.
    ...fits(truth.asked, named.distance === null || ofBase !== null || named.distance === sizes.distance, {
      expected: `ground truth by ${distanceOf({ distance: sizes.distance }).name}`,
      found: `by "${truth.file.distance}" in ${truth.asked.path}`,
      suggestion: LEAVE_OUT,
    }),
  ];
}

function fits(
  at: string | AskedFile,
  does: boolean,
  {
    expected,
    found,
    suggestion,
  }: { readonly expected: string; readonly found: string; readonly suggestion?: string },
): readonly Problem[] {
  if (does) return [];
  const where = typeof at === "string" ? whereOf(at) : at.where;
  return [{ where, message: `expected ${expected}, found ${found}.`, suggestion }];
}

/** null, and its problems beside the others, where it is refused. */
async function collecting<T>(problems: Problem[], make: () => Promise<T>): Promise<T | null> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

function without(
  numbers: Readonly<Record<string, number>>,
  names: readonly string[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(numbers).filter(([name]) => !names.includes(name)));
}
