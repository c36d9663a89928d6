import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { clientInOneLine } from "./client-in-one-line.ts";
import { harnessSentence } from "./conclusion-sentences.ts";
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
