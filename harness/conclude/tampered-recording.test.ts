import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderComparison } from "../../reports/html/render-comparison.ts";
import { renderHtml } from "../../reports/html/render-html.ts";
import { renderComparisonSummary } from "../../reports/comparison-summary.ts";
import { nameSides } from "../../reports/group-runs.ts";
import { renderJson } from "../../reports/json.ts";
import { renderJunit } from "../../reports/junit.ts";
import type { Run } from "../../reports/run.ts";
import { renderSummary } from "../../reports/summary.ts";
import { checkSafety } from "../check/check-safety.ts";
import { compareRuns } from "../judge/compare-runs.ts";
import { judge } from "../judge/judge.ts";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { UsageError } from "../model/errors.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { Recording } from "../model/recording.ts";
import { printPlan } from "../plan/print-plan.ts";
import { readRecording } from "../store/read-recording.ts";
import { plantEverywhere, writeRecording } from "./tampered-recording.fake.ts";

const SCRIPT = `</script><script>planted()</script><img src=x onerror="planted()"><!--'`;
const CONTROLS = "\u001b[31m\u001b]0;title\u0007\u009b2J\u202e\rhidden";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-tampered-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

const recordings: readonly (readonly [string, () => Recording])[] = [
  [
    "faults",
    () =>
      fakeRecording({
        injections: [{ fault: "kill-node", writeOutageSeconds: 20, lostRows: 2, twoPrimariesMs: 300 }],
      }),
  ],
  ["a benchmark", () => fakeBenchmarkRecording({})],
];

describe.each(recordings)(
  "a recording of %s with a script and control characters in every text",
  (_, recording) => {
    it("is shown as text, on every page and terminal, and in XML", async () => {
      const whole = recording();
      const directory = await writeRecording(runs, {
        ...whole,
        events: [...whole.events, { kind: "note", text: "a note", atUs: 5 }],
      });
      await plantEverywhere(
        directory,
        (text) => `${text}${SCRIPT}${CONTROLS}`,
        (name) => `${name}${SCRIPT}${CONTROLS}`,
      );
      const run = concluded(await readRecording(directory));
      const sides = nameSides([[{ ...run, directory }], [{ ...run, directory }]]);
      const runsOfAll = sides.flatMap((side) => side.runs);
      const comparison = {
        sides,
        runs: runsOfAll,
        compared: compareRuns(sides.map((side) => side.runs)),
      };

      for (const page of [
        renderHtml(run, { chartsScript: "draw();" }),
        renderComparison(comparison, { chartsScript: "draw();" }),
      ]) {
        expect(page).toContain("planted()");
        expect(page.match(/<script/gi)).toHaveLength(2);
        expect(page.match(/<\/script/gi)).toHaveLength(2);
        expect(page).not.toMatch(/<img|<!--|onerror="/i);
        expect(page).not.toMatch(CONTROL);
      }
      const terminal = { colour: false, width: 100 };
      for (const text of [
        renderSummary(run, { ...terminal, reportPath: "report.html" }),
        renderComparisonSummary(comparison, { ...terminal, pagePath: "compare.html" }),
        printPlan(run.recording.plan, terminal),
        renderJson(run, { directory, report: "report.html" }),
        renderJunit(run),
      ]) {
        expect(text).toContain(String.raw`\u001b[31m`);
        expect(text).not.toMatch(CONTROL);
      }
    });

    it("is refused where an object stands for a text, whatever it calls itself", async () => {
      const directory = await writeRecording(runs, recording());
      await plantEverywhere(directory, () => ({ markup: "<script>planted()</script>" }));
      const error = await readRecording(directory).catch((raised: unknown) => raised);
      expect(error).toBeInstanceOf(UsageError);
      const { problems, hint } = error as UsageError;
      expect(problems).toHaveLength(21);
      expect(problems[0]).toEqual({
        where: `${path.join(directory, "plan.json")}: scenario.name`,
        message: 'expected a string, found {"markup":"<script>planted()</script>"}.',
      });
      expect(problems.at(-1)?.message).toMatch(/^and \d+ more problems like these\.$/);
      expect(hint).toContain("another version");
    });

    it("reads back as it was written when nothing was planted", async () => {
      const whole = recording();
      const directory = await writeRecording(runs, whole);
      await plantEverywhere(directory, (text) => text);
      const read = await readRecording(directory);
      expect(read.plan).toEqual(whole.plan);
      expect(read.stages).toEqual(whole.stages);
      expect(read.events).toEqual(whole.events.toSorted((a, b) => a.atUs - b.atUs));
    });
  },
);

// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;

function concluded(recording: Recording): Run {
  const measurements = measure(recording, checkSafety(recording));
  const verdict = judge({ plan: recording.plan, measurements, end: recording.end });
  return { recording, measurements, verdict, workload: null };
}
