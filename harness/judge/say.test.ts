import { expect, test } from "vitest";
import { formatFigure } from "../../reports/format-figure.ts";
import type { Target } from "../model/target.ts";
import { figureWithUnit } from "./say.ts";

test("a sentence and a table write the same figure the same way", () => {
  const figure = { kind: "value", value: 1.7143 } as const;
  expect(figureWithUnit("write-unavailability", figure)).toBe("1.71 s");
  expect(formatFigure(figure, "s")).toBe("1.71 s");
});

test("a figure that is known within bounds is said with both", () => {
  expect(figureWithUnit("write-unavailability", { kind: "between", low: 1, high: 12.7 })).toBe(
    "between 1 s and 12.7 s",
  );
  expect(figureWithUnit("write-unavailability", { kind: "at-least", value: 60 })).toBe("at least 60 s");
});

test("a figure is said with as many digits as tell on which side of a bound it lies", () => {
  const said = (value: number, bound: Target["bound"]) =>
    figureWithUnit("write-unavailability", { kind: "value", value }, bound);
  expect(said(9.998, { below: 10 })).toBe("9.998 s");
  expect(said(9.99996, { below: 10 })).toBe("9.99996 s");
  expect(said(10.004, { below: 10 })).toBe("10.0 s");
  expect(said(10.004, { atMost: 10 })).toBe("10.004 s");
  expect(said(1.7143, { below: 10 })).toBe("1.71 s");
  const rate = { kind: "value", value: 9999.8 } as const;
  expect(figureWithUnit("throughput", rate, { atLeast: 10_000 })).toBe("9,999.8 op/s");
});
