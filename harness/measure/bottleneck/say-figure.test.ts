import { expect, test } from "vitest";
import { counted, percent, short } from "./say-figure.ts";

test("a number has as many decimals as help", () => {
  expect([10_055.4, 123.4, 12.34, 1.234, 0.069].map(short)).toEqual(["10055", "123", "12.3", "1.23", "0.07"]);
});

test("one of something is singular, and any other number plural", () => {
  expect([1, 2, 0.5].map((value) => counted(value, "client"))).toEqual([
    "1 client",
    "2 clients",
    "0.5 clients",
  ]);
});

test("a share is said in whole percent", () => {
  expect(percent(0.1234)).toBe("12 %");
});
