import { expect, test } from "vitest";
import type { CopyMeasurement } from "../../../harness/model/measurement.ts";
import { fakeBenchmarkRun } from "../../benchmark-run.fake.ts";
import { Footnotes } from "../footnotes.ts";
import { readableText } from "../readable-text.fake.ts";
import { copies } from "./copies.ts";

const whole: CopyMeasurement = {
  injection: null,
  group: "coordinators",
  member: "coordinator-1",
  role: "primary",
  path: "index",
  plan: ["Index Scan using t_embedding"],
  indexBytes: 8192,
  answers: 4,
  rows: 12,
  rowsBefore: 12,
  fewer: 0,
  other: 0,
  wrong: { kind: "value", value: 0 },
  recall: { kind: "value", value: 0.75 },
  examples: [],
  refused: null,
};

function textOf(list: readonly CopyMeasurement[]): string | null {
  const run = fakeBenchmarkRun();
  const section = copies({ ...run, measurements: { ...run.measurements, copies: list } }, new Footnotes());
  return section === null ? null : readableText(section.markup);
}

test("each copy is told with its rows, agreement, recall, index and plan", () => {
  const text = textOf([whole]);
  expect(text).toContain("before the first fault | coordinator-1");
  expect(text).toContain("index | 12 of 12 | 100 % | 0 | 0 | 0.7500 | 8 KiB | Index Scan using t_embedding");
  expect(text).not.toContain("Rows that were not as before");
});

test("wrong answers are told with the rows that are missing and that are there instead", () => {
  const text = textOf([
    {
      ...whole,
      injection: 1,
      rows: 11,
      fewer: 1,
      wrong: { kind: "value", value: 1 },
      examples: [{ part: "t_p2", query: 7, missing: [3, 5], extra: [9] }],
    },
  ]);
  expect(text).toContain("11 of 12 | 75.0 % | 1 | 0");
  expect(text).toContain("index | t_p2 | 7 | 3, 5 | 9");
});

test("what is not known is a dash with its reason, and a refusal is told in the server's words", () => {
  const none = { kind: "withheld", reason: "nobody answers" } as const;
  expect(textOf([{ ...whole, wrong: none, recall: none, plan: [], indexBytes: null }])).toContain("—");
  expect(textOf([{ ...whole, refused: "0A000: not during recovery" }])).toContain(
    "refused: 0A000: not during recovery",
  );
  expect(textOf([])).toBeNull();
});
