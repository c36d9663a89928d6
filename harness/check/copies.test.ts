import { describe, expect, test } from "vitest";
import type { History } from "../model/checker.ts";
import type { CopyAnswer, CopyReading } from "../model/copy-answers.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { fakePlan } from "../model/plan.fake.ts";
import { copies } from "./copies.ts";

/** Query 1 finds rows 1 to 3, of which the index misses the third and has the fourth. */
const exact: CopyAnswer = { part: "t", query: 1, ids: [1, 2, 3], distances: [1, 2, 3] };
const byIndex: CopyAnswer = { part: "t", query: 1, ids: [1, 2, 4], distances: [1, 2, 4] };

function reading(changes: Partial<CopyReading> = {}): CopyReading {
  const path = changes.path ?? "index";
  return {
    table: "t",
    injection: null,
    atUs: 0,
    group: "coordinators",
    member: "coordinator-1",
    role: "primary",
    path,
    again: false,
    rows: 3,
    plan: [path === "index" ? "Index Scan using t_embedding" : "Seq Scan on t"],
    taken: true,
    indexBytes: 8192,
    answers: [path === "index" ? byIndex : exact],
    refused: null,
    problem: null,
    ...changes,
  };
}

const before = [
  reading(),
  reading({ again: true }),
  reading({ path: "exact" }),
  reading({ path: "exact", again: true }),
];

function checked(readings: readonly CopyReading[], changes: Partial<History> = {}) {
  const { plan } = fakeBenchmarkRecording({});
  const history: History = {
    ...fakeBenchmarkRecording({}),
    plan: {
      ...plan,
      benchmark: plan.benchmark && { ...plan.benchmark, copies: { queries: 1 } },
      injections: fakePlan(["crash-postgres"]).injections,
    },
    copyAnswers: readings,
    ...changes,
  };
  const found = copies.check(history);
  if ("notApplicable" in found) throw new Error(found.notApplicable);
  return found;
}

/** The finding and the measurement of a standby after the crash, whose answer is this. */
function after(changes: Partial<CopyReading>, others: readonly CopyReading[] = before) {
  const found = checked([
    ...others,
    reading({ injection: 1, member: "coordinator-2", role: "standby", ...changes }),
  ]);
  return { finding: found.findings.at(-1)!, measured: found.details!.copies!.at(-1)! };
}

describe("an answer of a copy", () => {
  test("is right with the very rows of the primary before, though the index misses one of the exact ones", () => {
    const { finding, measured } = after({});
    expect(finding).toMatchObject({
      of: "after crash-postgres, injection 1, coordinator-2 (standby) by index",
      figure: { kind: "value", value: 0 },
      n: 1,
      members: ["coordinator-2"],
    });
    expect(finding.evidence).toBeUndefined();
    expect(measured.recall).toEqual({ kind: "value", value: 2 / 3 });
  });

  test("is wrong with another row, though that is nearer, and both rows are named", () => {
    const { finding, measured } = after({ answers: [exact] });
    expect(finding.figure).toEqual({ kind: "value", value: 1 });
    expect(finding.evidence).toContain("query 1 of t lacks rows 4 and has rows 3 instead");
    expect(measured).toMatchObject({ fewer: 0, other: 1, recall: { kind: "value", value: 1 } });
  });

  test("is wrong with fewer rows, or with none", () => {
    expect(after({ answers: [{ ...byIndex, ids: [1, 2], distances: [1, 2] }] }).measured).toMatchObject({
      fewer: 1,
      rows: 2,
      rowsBefore: 3,
      examples: [{ part: "t", query: 1, missing: [4], extra: [] }],
    });
    expect(after({ answers: [] }).measured).toMatchObject({ fewer: 1, rows: 0, wrong: { value: 1 } });
  });

  test("is wrong with a row twice, and with one whose vector is another", () => {
    const twice = { ...byIndex, ids: [1, 1, 4], distances: [1, 1, 4] };
    expect(after({ answers: [twice] }).measured.examples).toEqual([
      { part: "t", query: 1, missing: [2], extra: [1] },
    ]);
    const moved = { ...byIndex, distances: [1, 2.5, 4] };
    expect(after({ answers: [moved] }).measured.examples).toEqual([
      { part: "t", query: 1, missing: [2], extra: [2] },
    ]);
  });

  test("is right with another row that is as far as the last one", () => {
    expect(after({ answers: [{ ...byIndex, ids: [1, 2, 9] }] }).measured.other).toBe(0);
  });

  test("that the server refuses is wrong, with its words", () => {
    const { finding } = after({ answers: [], refused: "XX000: index is not valid", taken: false });
    expect(finding.figure).toEqual({ kind: "value", value: 1 });
    expect(finding.evidence).toBe("the server refused to answer: XX000: index is not valid");
  });
});

describe("where the primary gave different rows when it was asked twice", () => {
  const unsteady = [
    reading(),
    reading({ again: true, answers: [{ ...byIndex, ids: [1, 3, 4], distances: [1, 3, 4] }] }),
    reading({ path: "exact" }),
  ];
  test("an answer with other rows decides nothing", () => {
    const { measured, finding } = after(
      { answers: [{ ...byIndex, ids: [1, 5, 6], distances: [1, 5, 6] }] },
      unsteady,
    );
    expect(measured.other).toBe(0);
    expect(finding.figure).toMatchObject({ kind: "withheld" });
    expect(measured.recall).toMatchObject({ kind: "value" });
  });

  test("and one with fewer rows is wrong", () => {
    expect(
      after({ answers: [{ ...byIndex, ids: [1, 2], distances: [1, 2] }] }, unsteady).measured.fewer,
    ).toBe(1);
  });
});

describe("it is not decided", () => {
  const why = (found: ReturnType<typeof after>) =>
    found.finding.figure.kind === "withheld" ? found.finding.figure.reason : null;

  test("of a copy whose planner took another way", () => {
    const seqScan = { plan: ["Seq Scan on t"], taken: false };
    expect(why(after(seqScan))).toBe("the planner was not made to go by the index: it chose Seq Scan on t");
    // But that it has too few rows shows by any way.
    const short = { ...seqScan, answers: [{ ...byIndex, ids: [1, 2], distances: [1, 2] }] };
    expect(after(short).finding.figure).toEqual({ kind: "at-least", value: 1 });
  });

  test("of a copy that could not be asked", () => {
    expect(why(after({ answers: [], problem: "nobody answers" }))).toBe("nobody answers");
  });

  test("where the primary did not answer before anything was done, or not that way", () => {
    const none = "the primary gave no answer by the index before anything was done";
    expect(why(after({}, [reading({ path: "exact" })]))).toBe(none);
    expect(why(after({}, [reading({ taken: false })]))).toBe(none);
  });

  test("where the exact scans do not give what was found when the tables were filled", () => {
    const found = checked(before, {
      exactAnswers: [
        { variant: "", operation: "search", query: 1, rows: 3, lastLastingId: 9, distances: [1, 2, 2.5] },
      ],
    });
    expect(found.findings[0]!.figure).toMatchObject({ kind: "withheld" });
  });

  test("of a moment at which no copy was asked", () => {
    expect(checked(before).findings.at(-1)).toEqual({
      of: "after crash-postgres, injection 1",
      figure: { kind: "withheld", reason: "no copy was asked" },
      n: 0,
    });
  });
});

test("answers of shards are compared each with its own, and exact ones are merged to be believed", () => {
  const part = (name: string, ids: readonly number[]): CopyAnswer => ({
    part: name,
    query: 1,
    ids,
    distances: ids,
  });
  const workers = ["worker-1", "worker-2"].flatMap((group, at) =>
    (["index", "exact"] as const).flatMap((path) =>
      [false, true].map((again) =>
        reading({ group, member: `${group}a`, path, again, answers: [part(`t_p${at}`, [at + 1, at + 3])] }),
      ),
    ),
  );
  const found = checked(workers, {
    exactAnswers: [
      { variant: "", operation: "search", query: 1, rows: 3, lastLastingId: 9, distances: [1, 2, 3] },
    ],
  });
  expect(found.details!.copies!.map(({ wrong }) => wrong)).toEqual(
    Array.from({ length: 4 }, () => ({ kind: "value", value: 0 })),
  );
});

test("a group that did not answer before is named, and not taken for exact scans that are wrong", () => {
  const { findings } = checked(
    [
      ...before,
      reading({ group: "worker-2", path: "exact", role: null, answers: [], problem: "nobody answers" }),
    ],
    {
      exactAnswers: [
        { variant: "", operation: "search", query: 1, rows: 3, lastLastingId: 9, distances: [1, 2, 2.5] },
      ],
    },
  );
  expect(findings[0]!.figure).toMatchObject({
    kind: "withheld",
    reason: expect.stringContaining(
      "no exact scan of worker-2 was answered before the first fault",
    ) as string,
  });
});

test("a run that was not to ask copies has nothing to find", () => {
  expect(copies.check(fakeBenchmarkRecording({}))).toEqual({ notApplicable: "no copy was to be asked" });
});
