import type { WorkloadDefinition } from "../model/workload.ts";
import { IVFFLAT, vectorIndexParameters, WHOLE } from "./vector-index.ts";
import { SHAPES, vectorValuesParameters } from "./vector-values.ts";

type Values = Readonly<Record<string, number>>;
type Wrong = ReturnType<NonNullable<WorkloadDefinition["check"]>>;

/** What searches cannot be asked: more rows than there are, an index that its extension would refuse, what would change nothing. */
export const checkSearch = checkSearchOf(1);

/** The same of a workload that asks for so many times k rows. */
export function checkSearchOf(timesK: number): (values: Values) => Wrong {
  return (values) => [
    ...checkRows(values),
    ...checkIndex(values),
    ...checkCandidates(values, timesK),
    ...checkData(values),
  ];
}

/** What an index cannot be made of. */
export function checkIndex(values: Values): Wrong {
  return values.index === IVFFLAT ? checkIvfflat(values) : checkHnsw(values);
}

function checkRows(values: Values): Wrong {
  const { k = 0, rows = 0, selectedPercent = 100 } = values;
  const matching = matchingRows(values);
  const share = selectedPercent < 100 ? ` (${selectedPercent} % of ${rows})` : "";
  return wrongIf(
    k > matching,
    "k",
    `expected at most the ${matching} rows that a search can find${share}, found ${k}.`,
  );
}

function checkHnsw(values: Values): Wrong {
  const { m = 0, efConstruction = 0 } = values;
  return [
    ...wrongIf(
      efConstruction < 2 * m,
      "efConstruction",
      `expected at least twice m (pgvector refuses less), ${2 * m}, found ${efConstruction}.`,
    ),
    ...unused(values, ["lists", "probes"], "an HNSW index has none (index 1 is IVFFlat)"),
  ];
}

function checkIvfflat(values: Values): Wrong {
  const { lists = 0, probes = 1, rows = Infinity, iterativeScan } = values;
  return [
    ...wrongIf(lists > rows, "lists", `expected at most as many as there are rows, ${rows}, found ${lists}.`),
    ...wrongIf(probes > lists, "probes", `expected at most as many as lists, ${lists}, found ${probes}.`),
    ...wrongIf(
      iterativeScan === 1,
      "iterativeScan",
      "expected 0 or 2 (relaxed_order): pgvector's IVFFlat has no strict_order, found 1.",
    ),
    ...unused(values, ["m", "efConstruction", "efSearch"], "an IVFFlat index has none (index 0 is HNSW)"),
  ];
}

function checkCandidates(values: Values, timesK: number): Wrong {
  const { candidates = 0, element, everyElement, index, iterativeScan, efSearch = 0, k = 0 } = values;
  if (candidates === 0) return [];
  const least = timesK * k;
  const matching = matchingRows(values);
  return [
    ...wrongIf(
      element === WHOLE && everyElement !== 1,
      "candidates",
      `expected 0 for an index of whole vectors (element 0), whose order is right already, found ${candidates}.`,
    ),
    ...wrongIf(
      candidates < least,
      "candidates",
      `expected at least the ${least} rows that are wanted of them, found ${candidates}.`,
    ),
    ...wrongIf(
      candidates > matching,
      "candidates",
      `expected at most the ${matching} rows that a search can find, found ${candidates}.`,
    ),
    ...wrongIf(
      index !== IVFFLAT && iterativeScan === 0 && element !== WHOLE && candidates > efSearch,
      "candidates",
      `expected at most efSearch, ${efSearch}, for an HNSW scan that does not go on (iterativeScan 0): it gives no more rows, found ${candidates}.`,
    ),
  ];
}

function checkData(values: Values): Wrong {
  const { data, exactAnswers, selectedPercent = 100 } = values;
  if (data === SHAPES.files)
    return [
      ...unused(values, ["clusters", "spreadPercent", "intrinsic"], "vectors are read from files"),
      ...wrongIf(
        exactAnswers === 1 && selectedPercent < 100,
        "exactAnswers",
        `expected 0 where a search finds only some of the rows (${selectedPercent} %), of which no ground truth is, found 1.`,
      ),
    ];
  return [
    ...wrongIf(
      exactAnswers === 1,
      "exactAnswers",
      "expected 0 for vectors that are not read from files, found 1.",
    ),
    ...checkMade(values),
  ];
}

function checkMade(values: Values): Wrong {
  const { data, dimension = 0, intrinsic = 0 } = values;
  if (data === SHAPES.surface)
    return [
      ...wrongIf(
        intrinsic > dimension,
        "intrinsic",
        `expected at most dimension, ${dimension}, found ${intrinsic}.`,
      ),
      ...unused(values, ["clusters", "spreadPercent"], "there are no clusters on a surface (data 2)"),
    ];
  return [
    ...(data === SHAPES.uniform
      ? unused(values, ["clusters", "spreadPercent"], "there are no clusters in uniform data (data 1)")
      : []),
    ...unused(values, ["intrinsic"], "it is of data on a surface (data 2)"),
  ];
}

function matchingRows({ rows = 0, selectedPercent = 100 }: Values): number {
  return Math.floor((rows * selectedPercent) / 100);
}

/** Asked for, though it would change nothing. */
function unused(
  values: Values,
  names: readonly (keyof typeof vectorIndexParameters | keyof typeof vectorValuesParameters)[],
  why: string,
): Wrong {
  return names.flatMap((name) => {
    const byDefault = { ...vectorIndexParameters, ...vectorValuesParameters }[name].default;
    const found = values[name] ?? byDefault;
    return wrongIf(found !== byDefault, name, `expected it to be left out, as ${why}, found ${found}.`);
  });
}

function wrongIf(isWrong: boolean, parameter: string, message: string): Wrong {
  return isWrong ? [{ parameter, message }] : [];
}
