import { expect, test } from "vitest";
import type { Evidence, SideDifference } from "../harness/model/comparison.ts";
import { estimateInWords, testInWords } from "./describe-difference.ts";

const evidence: Evidence = {
  unit: { kind: "injections" },
  n: [5, 6],
  scale: "difference",
  estimate: { kind: "value", value: 7 },
  interval: { kind: "between", low: -1, high: 9 },
  confidence: 0.95,
  direction: 1,
  noDifference: { alone: 0.01, amongAll: 0.03 },
  farApart: null,
};

test("a difference from 0 has no ratio, and is told in the metric's own unit", () => {
  expect(estimateInWords(of(evidence), "rows")).toBe("+7 rows (-1 rows to +9 rows)");
});

test("an estimate that is known within bounds only is told with both", () => {
  const bounded = { ...evidence, scale: "ratio", estimate: { kind: "between", low: 1.2, high: 3 } } as const;
  expect(estimateInWords(of({ ...bounded, interval: { kind: "at-least", value: 1.1 } }), "s")).toBe(
    "1.20× to 3× (≥ 1.10×)",
  );
});

test("without a test the figures' own ratio remains", () => {
  expect(estimateInWords(of({ withheld: "One side has no such figure." }), "s")).toBe("2×");
});

test("p is that of the test which the finding rests on", () => {
  const both = { ...evidence, farApart: { alone: 0.001, amongAll: 0.004 } };
  expect(testInWords(both, "alike")).toBe("p 0.004, 5 and 6 injections");
  expect(testInWords(both, "worse")).toBe("p 0.030, 5 and 6 injections");
});

function of(what: SideDifference["evidence"]): SideDifference {
  return { ratio: { kind: "value", value: 2 }, evidence: what, finding: "undecided", why: "" };
}
