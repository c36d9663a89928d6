import { describe, expect, test } from "vitest";
import type { PrimariesStretch } from "../../harness/model/primaries.ts";
import { fakeBenchmarkRun } from "../benchmark-run.fake.ts";
import { readableText } from "./readable-text.fake.ts";
import { renderHtml } from "./render-html.ts";
import { fakeRun } from "../run.fake.ts";
import type { Run } from "../run.ts";
import { renderSummary } from "../summary.ts";

const splitBrain: PrimariesStretch = {
  ...{ fromUs: 12.3e6, toUs: 18.3e6, writable: ["coordinator-1", "coordinator-2"], unseen: [] },
  ...{ able: ["coordinator-1", "coordinator-2"], perhapsAble: [] },
  acknowledged: [{ server: "coordinator-1", timeline: 1, writes: 601 }],
};

describe("two primaries that could both acknowledge", () => {
  test("stand first in the terminal: who, from when to when, and what each acknowledged", () => {
    const sentence =
      "Split brain: coordinator-1 and coordinator-2 could both acknowledge writes from 0:12.300 to 0:18.300; of the " +
      "write probes, 601 by coordinator-1 (timeline 1), none by coordinator-2. Nothing lost";
    expect(terminal(withStretches(fakeRun(), [splitBrain]))).toContain(sentence);
  });

  test("are a row of the report, of a run of faults and of a benchmark alike", () => {
    const row =
      "coordinators | 0:12.300 | 6,000 ms | coordinator-1, coordinator-2 | — | coordinator-1, coordinator-2 | " +
      "601 by coordinator-1 (timeline 1), none by coordinator-2 | split brain";
    expect(page(withStretches(fakeRun(), [splitBrain]))).toContain(row);
    expect(page(withStretches(fakeBenchmarkRun(), [splitBrain]))).toContain(row);
  });
});

test("a member that was not seen beside a primary is a row that says that it is not known", () => {
  const stretch: PrimariesStretch = {
    ...{ ...splitBrain, writable: ["coordinator-1"], unseen: ["coordinator-2"] },
    ...{ able: ["coordinator-1"], perhapsAble: ["coordinator-2"], acknowledged: null },
  };
  expect(page(withStretches(fakeRun(), [stretch]))).toContain(
    "coordinator-1 | coordinator-2 | coordinator-1, perhaps coordinator-2 | — | not known",
  );
});

test("writes that a second primary acknowledged are counted and named", () => {
  const run = fakeRun();
  const byServer = [{ server: "coordinator-1", timeline: 1, writes: 3 }];
  const secondAcknowledgements = { told: 1000, untold: 0, writes: 3, ids: [7, 8, 9], byServer };
  expect(page({ ...run, measurements: { ...run.measurements, secondAcknowledgements } })).toContain(
    "3 of 1,000 acknowledged write probes were committed by a second primary: 3 by coordinator-1 (timeline 1); ids 7, 8, 9.",
  );
});

test("where there was one primary at a time the terminal has no word of it", () => {
  expect(terminal(withStretches(fakeRun(), []))).not.toMatch(/Split brain|writable at once/);
});

function withStretches(run: Run, stretches: readonly PrimariesStretch[]): Run {
  const primaries = [{ variant: "", group: "coordinators", watched: true, stretches }];
  return { ...run, measurements: { ...run.measurements, primaries } };
}

function terminal(run: Run): string {
  return renderSummary(run, { colour: false, width: 80, reportPath: "report.html" }).replaceAll(/\s+/g, " ");
}

function page(run: Run): string {
  return readableText(renderHtml(run, { chartsScript: "" })).replaceAll(/[ \n]+/g, " ");
}
