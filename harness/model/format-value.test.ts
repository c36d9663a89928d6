import { expect, test } from "vitest";
import {
  counted,
  formatBand,
  formatBytes,
  formatCores,
  formatCount,
  formatDuration,
  formatFigure,
  formatMoment,
  formatNumber,
  formatP,
  formatPercentile,
  formatRate,
  formatSeconds,
  formatShare,
  formatUtilisation,
  formatValue,
  listed,
  roundedTo,
} from "./format-value.ts";

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

test("bounds are told as far as they say something, and once where they look alike", () => {
  const ratio = (low: number, high: number): string => formatFigure({ kind: "between", low, high }, "ratio");
  expect(ratio(0, 0.62)).toBe("≤ 0.62×");
  expect(ratio(0.5, 0.62)).toBe("0.50× to 0.62×");
  expect(ratio(0.621, 0.622)).toBe("0.62×");
  expect(formatFigure({ kind: "at-least", value: 31.24 }, "s")).toBe("≥ 31.2 s");
});

test("p has as many digits as it is worth", () => {
  expect([0.4321, 0.0123, 0.0004].map(formatP)).toEqual(["0.43", "0.012", "below 0.001"]);
});

test("what was measured has three significant digits, whatever it is a figure of", () => {
  expect(formatFigure({ kind: "value", value: 1.714 }, "s")).toBe("1.71 s");
  expect(formatRate(4021.4)).toBe("4,021");
  expect([0.416, 1.936, 2, 12.34].map(formatCores)).toEqual(["0.42", "1.94", "2", "12.3"]);
  expect([0, 900, 1_503_238_554, 31_981_568].map(formatBytes)).toEqual([
    "0 B",
    "900 B",
    "1.40 GiB",
    "30.5 MiB",
  ]);
});

test("bytes go to the next unit where rounding would", () => {
  expect([1023, 1024, 1024 * 1024 - 100].map(formatBytes)).toEqual(["1,023 B", "1 KiB", "1.00 MiB"]);
});

test("what was counted has every digit", () => {
  expect([0, 999, 61234, 1234567, 1234.5678].map(formatCount)).toEqual([
    "0",
    "999",
    "61,234",
    "1,234,567",
    "1,234.5678",
  ]);
  expect([counted(1, "stage"), counted(3, "stage"), counted(0.5, "client")]).toEqual([
    "1 stage",
    "3 stages",
    "0.50 clients",
  ]);
});

test("a share of what was counted goes to a tenth of a percent, and is none or all only where it is", () => {
  expect([0, 1, 400, 999_999, 1_000_000].map((part) => formatShare(part, 1_000_000))).toEqual([
    "0 %",
    "< 0.1 %",
    "< 0.1 %",
    "> 99.9 %",
    "100 %",
  ]);
  expect(formatShare(1999, 2000)).toBe("> 99.9 %");
  expect([formatShare(2, 5), formatShare(3580, 37306), formatShare(0, 0)]).toEqual([
    "40.0 %",
    "9.6 %",
    "0 %",
  ]);
});

test("how much of a resource was in use goes to whole percents", () => {
  expect([0, 0.412, 0.97, 1].map(formatUtilisation)).toEqual(["0 %", "41 %", "97 %", "100 %"]);
});

test("what a configuration predicts or sets goes to a tenth of a second", () => {
  expect([4, 22.34].map(formatSeconds)).toEqual(["4 s", "22.3 s"]);
  expect(formatBand({ lowSeconds: 20.26, highSeconds: 24.1 })).toBe("20.3-24.1 s");
  expect(formatBand({ lowSeconds: 19, highSeconds: 23 })).toBe("19-23 s");
  expect(formatBand({ lowSeconds: 19.3, highSeconds: 26 })).toBe("19.3-26.0 s");
  expect(formatBand({ lowSeconds: 0, highSeconds: 0 })).toBe("0 s");
});

test("a moment is minutes, seconds and milliseconds since the recording began", () => {
  expect([0, 31_200_000, 187_250_400, 59_999_999].map((us) => formatMoment(us))).toEqual([
    "0:00.000",
    "0:31.200",
    "3:07.250",
    "1:00.000",
  ]);
  expect([formatMoment(187_250_400, 0), formatMoment(187_250_400, 1), formatMoment(59_960_000, 1)]).toEqual([
    "3:07",
    "3:07.3",
    "1:00.0",
  ]);
  expect([formatDuration(12_400_000), formatDuration(552_000_000)]).toEqual(["12 s", "9 min 12 s"]);
});

test("a percentile has as many digits as it takes", () => {
  expect([1, 10, 100, 1000, 10_000, 12.6].map(formatPercentile)).toEqual([
    "0 %",
    "90 %",
    "99 %",
    "99.9 %",
    "99.99 %",
    "92.1 %",
  ]);
});

test("a number is rounded to significant digits", () => {
  expect([roundedTo(12345, 3), roundedTo(9.99812, 4)]).toEqual([12300, 9.998]);
});

test("things are listed as English does, without a comma before the last one", () => {
  expect([listed([1, 2, 3], "or"), listed(["poisson", "constant"], "and"), listed(["a"], "and")]).toEqual([
    "1, 2 or 3",
    "poisson and constant",
    "a",
  ]);
});
