import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { clientInOneLine, harnessSentence } from "./conclusion-sentences.ts";
import { readableText } from "./html/readable-text.fake.ts";
import { staticPart } from "./html/render-html.ts";
import type { Run } from "./run.ts";

test("the same finding stands at the end, in the client's section and among what was full", () => {
  const run = fakeBenchmarkRun({ clientBound: true });
  const line = "the client was the limit in 1 stage";
  expect(clientInOneLine(run.measurements.stages)).toBe(line);
  expect(harnessSentence(run)).toMatch(new RegExp(`, ${line}\\.$`));
  expect(harnessSentence(fakeBenchmarkRun())).toMatch(/, the client was not the limit in any stage\.$/);
});

test("a client that was late, and not full, is said to have been late", () => {
  const { stages } = fakeBenchmarkRun().measurements;
  const late: Run["measurements"]["stages"] = stages.map((stage, index) =>
    index < 2 ? { ...stage, client: { ...stage.client, clientLate: "it was late" } } : stage,
  );
  expect(clientInOneLine(late)).toBe("the client was not the limit in any stage, it was late in 2 stages");
  expect(clientInOneLine([])).toBeNull();
});

test("a client that stood still is said to have, and for how long in its own section", () => {
  const run = fakeBenchmarkRun();
  const [first, ...others] = run.measurements.stages;
  const stoodStill = "stood still for 5.0 s of the steady phase";
  const stages = [{ ...first!, client: { ...first!.client, stoodStill } }, ...others];
  const still: Run = { ...run, measurements: { ...run.measurements, stages } };
  expect(clientInOneLine(stages)).toBe(
    "the client was not the limit in any stage, it stood still for a time in 1 stage",
  );
  expect(readableText(staticPart(still).markup)).toContain(
    "The client itself stood still for 5.0 s of the steady phase.",
  );
});
