import type { CheckFinding, CopyMeasurement, Figure } from "../model/measurement.ts";
import type { Checker, History } from "../model/checker.ts";
import type { CopyAnswer, CopyReading } from "../model/copy-answers.ts";
import { copyTitle, momentTitle } from "../model/figure-names.ts";
import { counted, listed } from "../model/format-value.ts";
import { isAsNear } from "../stats/compare-answer.ts";
import { compareCopyAnswer, type ComparedCopyAnswer, exactRows, haveOtherRows } from "./compare-copy.ts";

/** Wrong answers that are named one by one. */
const NAMED = 20;
/** Of them, those that a clause has room for. */
const IN_WORDS = 2;

/** By what every copy of a table of vectors answered, by index and by exact scan, before the first fault and after each. */
export const copies: Checker = {
  name: "copies",
  looksFor:
    "Copies of a table or of its index that answer a search with fewer or other rows than the primary did before anything was done to the cluster.",
  needs: "a benchmark that asks every copy",
  metric: "wrong-answers",
  check(history) {
    if (history.plan.benchmark?.copies == null) return { notApplicable: "no copy was to be asked" };
    const readings = (history.copyAnswers ?? []).filter(({ again }) => !again);
    const before = referencesOf(history);
    const measured = readings.map((reading) => measureCopy(reading, before));
    return {
      findings: [
        ...readings.map((reading, at) => findingOf(measured[at], reading, history)),
        ...unasked(history),
      ],
      details: { copies: measured },
    };
  },
};

/** What the primaries answered before anything was done. */
interface References {
  readonly of: (reading: Pick<CopyReading, "group" | "path">) => readonly CopyReading[];
  /** Why no answer can be compared; null: it can. */
  readonly problem: string | null;
}

function referencesOf(history: History): References {
  const first = (history.copyAnswers ?? []).filter(
    ({ injection, role, problem, refused }) =>
      injection === null && role === "primary" && problem === null && refused === null,
  );
  return {
    of: ({ group, path }) => first.filter((one) => one.group === group && one.path === path && one.taken),
    problem: disagreement(first, history),
  };
}

/**
 * The exact scans of all primaries together must give what was found when the tables were filled: else it is not known
 * which of them is right.
 */
function disagreement(first: readonly CopyReading[], history: History): string | null {
  const { exactAnswers = [] } = history;
  const exact = first.filter(({ path, again }) => path === "exact" && !again);
  const silent = (history.copyAnswers ?? []).flatMap(({ injection, group }) =>
    injection === null && exact.every((one) => one.group !== group) ? [group] : [],
  );
  if (exactAnswers.length > 0 && silent.length > 0)
    return `no exact scan of ${listed([...new Set(silent)], "and")} was answered before the first fault, so that what all primaries find together was not compared with what was found when the tables were filled`;
  const wrong = exactAnswers.filter(({ query, distances }) => {
    const found = exact.flatMap(({ answers }) =>
      answers.flatMap((answer) => (answer.query === query ? [answer.distances] : [])),
    );
    if (found.length === 0) return false;
    const nearest = found.flat().toSorted((a, b) => a - b);
    return distances.some((distance, at) => !isAlike(nearest[at], distance));
  });
  if (wrong.length === 0) return null;
  const queries = wrong.map(({ query }) => query).slice(0, NAMED);
  return `the primaries' exact scans before the first fault do not give what was found when the tables were filled, for queries ${queries.join(", ")}`;
}

function isAlike(found: number | undefined, wanted: number): boolean {
  return found !== undefined && isAsNear(found, wanted) && isAsNear(wanted, found);
}

function measureCopy(reading: CopyReading, before: References): CopyMeasurement {
  const { injection, group, member, role, path, plan, indexBytes, refused, rows } = reading;
  const given = before.of(reading);
  const exact = before.of({ group, path: "exact" })[0];
  const isSteady = isSteadyIn(given);
  const pairs = (given[0]?.answers ?? []).map((first) => ({
    answer: answerTo(first, reading) ?? { ...first, ids: [], distances: [] },
    given: first,
    exact: exact === undefined ? undefined : answerTo(first, exact),
  }));
  const compared = pairs.map((pair) => compareCopyAnswer(pair.answer, { given: pair.given, isSteady }));
  const wrong = compared.filter(({ outcome }) => outcome !== "right");
  const fewer = wrong.filter(({ outcome }) => outcome === "fewer").length;
  const unknown = whyUnknown(reading, given, before);
  const undecided = unknown ?? (isSteady || wrong.length > 0 ? null : NOT_STEADY);
  const shares = pairs.flatMap(({ answer, exact: wanted }) =>
    wanted === undefined || wanted.ids.length === 0 ? [] : [exactRows(answer, wanted) / wanted.ids.length],
  );
  return {
    injection,
    group,
    member,
    role,
    path,
    plan,
    indexBytes,
    answers: pairs.length,
    rows: sumOf(pairs.map(({ answer }) => answer)),
    rowsBefore: sumOf(given[0]?.answers ?? []),
    fewer,
    other: wrong.length - fewer,
    // Whatever way a server takes to them, it has too few rows.
    wrong:
      fewer > 0 && undecided !== null && undecided === otherWay(reading)
        ? { kind: "at-least", value: fewer }
        : knownUnless(undecided, wrong.length),
    recall:
      refused !== null
        ? { kind: "withheld", reason: `${member} refused to answer ${BY[path]}: ${refused}` }
        : shares.length === 0
          ? {
              kind: "withheld",
              reason: undecided ?? `there is no exact answer of ${rows} rows to compare with`,
            }
          : knownUnless(unknown, shares.reduce((sum, share) => sum + share, 0) / shares.length),
    examples: wrong
      .slice(0, NAMED)
      .map(({ part, query, missing, extra }) => ({ part, query, missing, extra })),
    refused,
  };
}

function knownUnless(why: string | null, value: number): Figure {
  return why === null ? { kind: "value", value } : { kind: "withheld", reason: why };
}

function answerTo({ part, query }: CopyAnswer, { answers }: CopyReading): CopyAnswer | undefined {
  return answers.find((one) => one.part === part && one.query === query);
}

function sumOf(answers: readonly CopyAnswer[]): number {
  return answers.reduce((sum, { ids }) => sum + ids.length, 0);
}

const NOT_STEADY =
  "the primary itself, asked twice before anything was done, did not give the same rows to every search: only fewer rows would tell";

/** Whether the first primary gave the same rows when it was asked twice; not known where it was asked once. */
function isSteadyIn([first, second]: readonly CopyReading[]): boolean {
  if (first === undefined || second === undefined) return first?.path === "exact";
  return first.answers.every((answer) => {
    const again = answerTo(answer, second);
    return again !== undefined && !haveOtherRows(again, answer);
  });
}

/** A way that was not taken tells nothing of the index, and an answer without another to compare with tells nothing at all. */
function whyUnknown(reading: CopyReading, given: readonly CopyReading[], before: References): string | null {
  const { problem, path } = reading;
  if (problem !== null) return problem;
  if (before.problem !== null) return before.problem;
  if (given[0] === undefined || given[0].answers.length === 0)
    return `the primary gave no answer ${BY[path]} before anything was done`;
  return otherWay(reading);
}

/** null: it went as it was asked to, or not at all. */
function otherWay({ refused, taken, plan, path }: CopyReading): string | null {
  if (refused !== null || taken) return null;
  const found = plan.length === 0 ? "nothing of the table" : plan.join(", ");
  return `the planner was not made to go ${BY[path]}: it chose ${found}`;
}

const BY: Readonly<Record<CopyReading["path"], string>> = {
  index: "by the index",
  exact: "by an exact scan",
};

function findingOf(
  measured: CopyMeasurement | undefined,
  reading: CopyReading,
  { plan }: History,
): CheckFinding {
  const figure: Figure = measured?.wrong ?? { kind: "withheld", reason: "it was not measured" };
  const evidence = measured === undefined ? null : inWords(measured);
  return {
    of: copyTitle(reading, faultOf(reading.injection, plan)),
    figure,
    n: measured?.answers ?? 0,
    members: [reading.member],
    ...(evidence === null ? {} : { evidence }),
  };
}

/** null: nothing was wrong. */
function inWords({ fewer, other, examples, refused, rows, rowsBefore }: CopyMeasurement): string | null {
  if (refused !== null) return `the server refused to answer: ${refused}`;
  if (fewer + other === 0) return null;
  const some = examples.slice(0, IN_WORDS).map(wrongInWords).join("; ");
  const more = fewer + other > IN_WORDS ? `; and ${fewer + other - IN_WORDS} more` : "";
  const kinds = [
    ...(fewer === 0 ? [] : [`${counted(fewer, "answer")} had fewer rows`]),
    ...(other === 0 ? [] : [`${counted(other, "answer")} had other rows`]),
  ];
  return `${kinds.join(" and ")} (${rows} rows for ${rowsBefore}): ${some}${more}`;
}

function wrongInWords({ part, query, missing, extra }: Omit<ComparedCopyAnswer, "outcome">): string {
  const words = [
    ...(missing.length === 0 ? [] : [`lacks rows ${missing.join(", ")}`]),
    ...(extra.length === 0 ? [] : [`has rows ${extra.join(", ")} instead`]),
  ];
  return `query ${query} of ${part} ${words.join(" and ")}`;
}

/** Moments at which copies were to be asked, and none was: nothing is known of them. */
function unasked({ plan, copyAnswers = [] }: History): CheckFinding[] {
  return [null, ...plan.injections.map(({ injection }) => injection)].flatMap((injection) => {
    if (copyAnswers.some((reading) => reading.injection === injection)) return [];
    return [
      {
        of: momentTitle(injection, faultOf(injection, plan)),
        figure: { kind: "withheld", reason: "no copy was asked" },
        n: 0,
      },
    ];
  });
}

function faultOf(injection: number | null, { injections }: History["plan"]): string | null {
  return injections.find((one) => one.injection === injection)?.fault ?? null;
}
