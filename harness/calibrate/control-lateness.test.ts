import { expect, test } from "vitest";
import { latenessOf } from "./control-lateness.ts";

test("the control's lateness is that of all its wake-ups, in milliseconds, whichever came first", () => {
  const wakes = Array.from({ length: 200 }, (_, index) => [index, 1000 * (200 - index)] as const);
  expect(latenessOf(wakes)).toEqual({ mean: 100.5, p50: 100, p99: 198, max: 200 });
});

test("a control that did not wake tells nothing", () => {
  expect(latenessOf([])).toBeNull();
});
