import { expect, test } from "vitest";
import { formatFigure } from "../model/format-value.ts";
import type { Target } from "../model/target.ts";
import { figureWithUnit, sentenceFigure } from "./sentences.ts";

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

test("bounds that read the same are said once", () => {
  expect(figureWithUnit("write-unavailability", { kind: "between", low: 1.7141, high: 1.7143 })).toBe(
    "1.71 s",
  );
});

test("a sentence says after which fault and in which injection, or of what", () => {
  const said = (of: string, fault: string | null) =>
    sentenceFigure(
      { metric: "write-unavailability", bound: { below: 10 } },
      { metric: "write-unavailability", of, fault, figure: { kind: "value", value: 2 }, n: 1 },
    );
  expect(said("kill-node, injection 12", "kill-node")).toBe(
    "Unavailability for writes after kill-node was 2 s in injection 12",
  );
  expect(said("median of 3 figures", "kill-node")).toBe(
    "Unavailability for writes was 2 s (median of 3 figures)",
  );
  expect(said("outside injection 3", null)).toBe("Unavailability for writes was 2 s (outside injection 3)");
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
