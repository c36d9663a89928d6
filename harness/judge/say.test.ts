import { expect, test } from "vitest";
import { formatFigure } from "../../reports/format-figure.ts";
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
