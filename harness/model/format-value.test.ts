import { expect, test } from "vitest";
import { formatNumber, formatP, formatValue } from "./format-value.ts";

test("a value is written to three significant digits, and whole ones as they are", () => {
  expect([0.04123, 0.412, 1.714, 22.94, 127.4, 10, 61234].map((value) => formatNumber(value))).toEqual([
    "0.041",
    "0.412",
    "1.71",
    "22.9",
    "127",
    "10",
    "61,234",
  ]);
});

test("rounding up takes no digit more", () => {
  expect([0.99951, 9.9951, 99.951].map((value) => formatNumber(value))).toEqual(["1.00", "10.0", "100"]);
});

test("seconds end at the hundredth, milliseconds at the thousandth", () => {
  expect(formatValue(0.0432, "s")).toBe("0.04 s");
  expect(formatValue(0.0432, "ms")).toBe("0.043 ms");
});

test("one thing is singular, and a ratio has its sign", () => {
  expect(formatValue(1, "rows")).toBe("1 row");
  expect(formatValue(7, "rows")).toBe("7 rows");
  expect(formatValue(1, "s")).toBe("1 s");
  expect(formatValue(1.874, "ratio")).toBe("1.87×");
  expect(formatValue(0.9851, "ratio")).toBe("0.99×");
});

test("p has as many digits as it is worth", () => {
  expect([0.4321, 0.0123, 0.0004].map(formatP)).toEqual(["0.43", "0.012", "below 0.001"]);
});
