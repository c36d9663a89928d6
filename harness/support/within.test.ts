import { expect, test } from "vitest";
import { fakeClock } from "../model/clock.fake.ts";
import { within } from "./within.ts";

test("work that settles in time gives its result or its error, and nothing waits any longer", async () => {
  const clock = fakeClock();
  const late = () => "late" as const;
  expect(await within({ ms: 1000, clock }, Promise.resolve(7), late)).toBe(7);
  await expect(within({ ms: 1000, clock }, Promise.reject(new Error("no")), late)).rejects.toThrow("no");
  expect(await within({ ms: 1000 }, Promise.resolve(7), late)).toBe(7);
});

test("what is late gives what `onLate` does, or its error; a later failure of the work is nobody's concern", async () => {
  const clock = fakeClock();
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<never>((_resolve, reject) => (fail = reject));
  const waited = within({ ms: 1000, clock }, work, () => null);
  await clock.run(1_000_000);
  expect(await waited).toBeNull();
  fail(new Error("too late to matter"));
  const failing = within({ ms: 1, clock }, new Promise(() => undefined), () => {
    throw new Error("no answer");
  });
  const seen = expect(failing).rejects.toThrow("no answer");
  await clock.run(1_002_000);
  await seen;
});

test("an aborted signal ends the wait with its reason", async () => {
  const reason = new Error("interrupted");
  const limit = { ms: 1000, clock: fakeClock(), signal: AbortSignal.abort(reason) };
  await expect(within(limit, new Promise(() => undefined), () => null)).rejects.toBe(reason);
});
