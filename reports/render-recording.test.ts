import { expect, test } from "vitest";
import { checkSafety } from "../harness/check/check-safety.ts";
import { judge } from "../harness/judge/judge.ts";
import { measure } from "../harness/measure/measure.ts";
import { fakeBenchmarkRecording } from "../harness/model/benchmark-recording.fake.ts";
import { fakeRecording, type FakeRecordingOptions } from "../harness/model/recording.fake.ts";
import type { Recording } from "../harness/model/recording.ts";
import { collectFailover } from "./charts/failover/data.ts";
import { collectPhases } from "./charts/phases/data.ts";
import { collectTimeline } from "./charts/timeline/data.ts";
import { renderHtml } from "./html/render-html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import type { Run } from "./run.ts";
import { renderSummary } from "./summary.ts";

const kinds: readonly (readonly [string, FakeRecordingOptions])[] = [
  ["a whole run", {}],
  ["a quick run", { quick: true }],
  ["a run that died", { diesAfter: 1 }],
  ["a run that died before its first injection", { diesAfter: 0 }],
  [
    "a run that never recovered",
    { injections: [{ fault: "kill-node", writeOutageSeconds: Infinity, lostRows: 3, twoPrimariesMs: 700 }] },
  ],
];

test.each(kinds)("%s, measured and judged, renders in every form", (_, options) => {
  const run = runOf(options);
  const summary = renderSummary(run, { colour: false, width: 80, reportPath: "report.html" });
  const texts = [
    summary,
    renderJunit(run),
    renderHtml(run, { chartsScript: "" }),
    renderJson(run, { directory: "d", report: "d/report.html" }),
  ];
  expect(summary.split("\n").filter((line) => line.length > 80)).toEqual([]);
  for (const text of texts) {
    expect(text).not.toMatch(/undefined|NaN|\[object Object\]/);
    expect(text).toContain(options.diesAfter === undefined ? run.verdict.outcome : "unknown");
  }
});

test.each([
  ["a search that ends", {}],
  ["a search that was cut off", { end: { kind: "incomplete", reason: "the agent was killed" } }],
] as const)("%s, measured and judged, renders in every form", (_, options) => {
  const run = concluded(fakeBenchmarkRecording(options));
  const summary = renderSummary(run, { colour: false, width: 80, reportPath: "report.html" });
  const texts = [
    summary,
    renderJunit(run),
    renderHtml(run, { chartsScript: "" }),
    renderJson(run, { directory: "d", report: "d/report.html" }),
  ];
  expect(summary.split("\n").filter((line) => line.length > 80)).toEqual([]);
  for (const text of texts) {
    expect(text).not.toMatch(/undefined|NaN|\[object Object\]/);
    expect(text.toLowerCase()).toContain(run.verdict.outcome);
  }
});

test("each injection is a dot per kind of probe, a bar and a band", () => {
  const run = runOf({});
  const dots = collectFailover(run)!.faults.flatMap(({ writes, reads }) => [...writes, ...reads]);
  expect(dots).toHaveLength(30);
  expect(collectPhases(run)!.injections).toHaveLength(15);
  expect(collectTimeline(run)!.injections).toHaveLength(15);
  const [first] = run.measurements.injections;
  expect(dots[0]).toEqual({
    injection: 1,
    seconds:
      first!.writeUnavailabilitySeconds.kind === "value" ? first!.writeUnavailabilitySeconds.value : null,
    atLeast: false,
    atMost: null,
  });
});

test("rows that were lost are told first, by number", () => {
  const run = runOf({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7, lostRows: 3 }] });
  expect(renderSummary(run, { colour: false, width: 80, reportPath: "r" })).toMatch(/Lost: 3 rows of [\d,]+/);
});

function runOf(options: FakeRecordingOptions): Run {
  return concluded(fakeRecording(options));
}

function concluded(recording: Recording): Run {
  const measurements = measure(recording, checkSafety(recording));
  return {
    recording,
    measurements,
    verdict: judge({ plan: recording.plan, measurements, end: recording.end }),
  };
}
