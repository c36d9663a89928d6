import { expect, test } from "vitest";
import { largest, percentile } from "./percentile.ts";

const thousand = Float64Array.from({ length: 1000 }, (_, index) => index + 1);

test("percentiles of 1 to 1000 by nearest rank are themselves", () => {
  expect(percentile(thousand, 50, 1)).toEqual({ kind: "value", value: 500 });
  expect(percentile(thousand, 95, 1)).toEqual({ kind: "value", value: 950 });
  expect(percentile(thousand, 99, 1)).toEqual({ kind: "value", value: 990 });
});

test.each([
  [50, 9],
  [95, 99],
  [99, 999],
  [99.9, 9_999],
] as const)("p%d of %i samples is withheld", (which, n) => {
  const figure = percentile(new Float64Array(n), which, 1);
  expect(figure).toMatchObject({ kind: "withheld" });
  expect(percentile(new Float64Array(n + 1), which, 1)).toMatchObject({ kind: "value" });
});

test("the max of nothing is withheld, of one is itself, in the unit asked for", () => {
  expect(largest(new Float64Array(), 1)).toMatchObject({ kind: "withheld" });
  expect(largest(Float64Array.of(2500), 1 / 1000)).toEqual({ kind: "value", value: 2.5 });
});
