import { expect, test } from "vitest";
import type { Figure } from "../model/measurement.ts";
import type { Target } from "../model/target.ts";
import type { VerdictOutcome } from "../model/verdict.ts";
import { compareWithBound } from "./compare-with-bound.ts";

const withheld: Figure = { kind: "withheld", reason: "not measured" };

test.each<[string, Figure, Target["bound"], VerdictOutcome]>([
  ["below is exclusive", { kind: "value", value: 10 }, { below: 10 }, "fail"],
  ["below the bound is kept", { kind: "value", value: 9.999 }, { below: 10 }, "pass"],
  ["at most is inclusive", { kind: "value", value: 0 }, { atMost: 0 }, "pass"],
  ["at least is inclusive", { kind: "value", value: 5 }, { atLeast: 5 }, "pass"],
  ["under a lower bound fails", { kind: "value", value: 4 }, { atLeast: 5 }, "fail"],
  ["at least 12 s is not below 10 s", { kind: "at-least", value: 12 }, { below: 10 }, "fail"],
  ["at least 10 s is not below 10 s", { kind: "at-least", value: 10 }, { below: 10 }, "fail"],
  ["at least 4 s may still be below 10 s, or not", { kind: "at-least", value: 4 }, { below: 10 }, "unknown"],
  [
    "at least 4 says nothing of a lower bound of 5",
    { kind: "at-least", value: 4 },
    { atLeast: 5 },
    "unknown",
  ],
  ["at least 6 meets a lower bound of 5", { kind: "at-least", value: 6 }, { atLeast: 5 }, "pass"],
  [
    "1 to 12.7 s may be below 10 s, or not",
    { kind: "between", low: 1, high: 12.7 },
    { below: 10 },
    "unknown",
  ],
  ["1 to 9 s is below 10 s", { kind: "between", low: 1, high: 9 }, { below: 10 }, "pass"],
  ["11 to 12 s is not below 10 s", { kind: "between", low: 11, high: 12 }, { below: 10 }, "fail"],
  ["4 to 6 may reach a lower bound of 5", { kind: "between", low: 4, high: 6 }, { atLeast: 5 }, "unknown"],
  ["3 to 4 misses a lower bound of 5", { kind: "between", low: 3, high: 4 }, { atLeast: 5 }, "fail"],
  ["what was withheld is unknown", withheld, { below: 10 }, "unknown"],
])("%s", (_, figure, bound, outcome) => {
  expect(compareWithBound(figure, bound)).toBe(outcome);
});
