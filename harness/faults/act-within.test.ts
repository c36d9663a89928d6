import { expect, test } from "vitest";
import { fakeClock } from "../model/clock.fake.ts";
import { actWithin } from "./act-within.ts";

test("a step that ends in time gives its result, and nothing is awaited any more", async () => {
  const clock = fakeClock();
  const step = { what: "Injecting", code: "injection-failed", budgetMs: 20_000, clock };
  await expect(actWithin(step, () => Promise.resolve(7))).resolves.toBe(7);
  await clock.run();
  expect(clock.nowUs()).toBeLessThan(20_000_000);
});

test("one that fails says which it was, with its own reason as the cause", async () => {
  const clock = fakeClock();
  const step = { what: "Healing kill-node", code: "healing-failed", budgetMs: 20_000, clock };
  const cause = new Error("no such container");
  await expect(actWithin(step, () => Promise.reject(cause))).rejects.toMatchObject({
    ...{ code: "healing-failed", message: "Healing kill-node did not work: no such container", cause },
  });
});

test("one that never ends is given up after its budget, which the error names", async () => {
  const clock = fakeClock();
  const step = { what: "Injecting", code: "injection-failed", budgetMs: 20_000, clock };
  const given = actWithin(step, () => new Promise(() => undefined)).catch((error: unknown) => error);
  await clock.run();
  expect(clock.nowUs()).toBe(20_000_000);
  await expect(given).resolves.toMatchObject({ message: "Injecting did not work: no end within 20 s" });
});
