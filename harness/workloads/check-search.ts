import type { WorkloadParameter } from "../model/workload.ts";
import {
  kindOf,
  parametersOfOthers,
  vectorIndexParameters,
  WHOLE,
  wrongIf,
  type Wrong,
} from "./vector-index.ts";
import { SHAPES, vectorValuesParameters } from "./vector-values.ts";

type Values = Readonly<Record<string, number>>;

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
  const others = parametersOfOthers(values);
  return [...kindOf(values).check(values), ...others.flatMap(({ name, why }) => unused(values, [name], why))];
}

function checkRows(values: Values): Wrong {
  const { k = 0, rows = 0, selectedPercent = 100 } = values;
  const matching = matchingRows(values);
  const share = selectedPercent < 100 ? ` for certain (about ${selectedPercent} % of ${rows}, by hash)` : "";
  return wrongIf(
    k > matching,
    "k",
    `expected at most the ${matching} rows that a search can find${share}, found ${k}.`,
  );
}

function checkCandidates(values: Values, timesK: number): Wrong {
  const { candidates = 0, element, everyElement, k = 0 } = values;
  if (candidates === 0) return [];
  const least = timesK * k;
  const gives = kindOf(values).scanGives(values);
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
      gives !== null && element !== WHOLE && candidates > gives.rows,
      "candidates",
      `expected at most ${gives?.because ?? ""}, found ${candidates}.`,
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

/** Which rows are selected is by hash: as many as there are in all but one of some 30,000 such choices (4 standard deviations). */
function matchingRows({ rows = 0, selectedPercent = 100 }: Values): number {
  const share = selectedPercent / 100;
  return Math.max(0, Math.floor(rows * share - 4 * Math.sqrt(rows * share * (1 - share))));
}

const parameters: Readonly<Record<string, WorkloadParameter>> = {
  ...vectorIndexParameters,
  ...vectorValuesParameters,
};

/** Asked for, though it would change nothing. */
function unused(values: Values, names: readonly string[], why: string): Wrong {
  return names.flatMap((name) => {
    const byDefault = parameters[name]?.default;
    const found = values[name] ?? byDefault;
    return wrongIf(found !== byDefault, name, `expected it to be left out, as ${why}, found ${found}.`);
  });
}
