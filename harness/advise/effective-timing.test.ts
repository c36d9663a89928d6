import { expect, test } from "vitest";
import { effectiveTiming } from "./effective-timing.ts";

test("timing at or above the floors that keeps the rule is left alone", () => {
  expect(effectiveTiming({ ttl: 20, loopWait: 1, retryTimeout: 3 })).toEqual({
    ttl: 20,
    loopWait: 1,
    retryTimeout: 3,
    adjusted: [],
  });
  expect(effectiveTiming({ ttl: 30, loopWait: 10, retryTimeout: 10 }).adjusted).toEqual([]);
});

test("a 5 s ttl is raised to Patroni's floor of 20 s, and retry_timeout to 3 s", () => {
  const timing = effectiveTiming({ ttl: 5, loopWait: 1, retryTimeout: 1 });
  expect(timing).toMatchObject({ ttl: 20, loopWait: 1, retryTimeout: 3 });
  expect(timing.adjusted).toEqual([
    "ttl 5 s is raised to Patroni's floor of 20 s.",
    "retry_timeout 1 s is raised to Patroni's floor of 3 s.",
  ]);
});

test("loop_wait is lowered first when the rule is broken", () => {
  const timing = effectiveTiming({ ttl: 20, loopWait: 10, retryTimeout: 8 });
  expect(timing).toMatchObject({ ttl: 20, loopWait: 4, retryTimeout: 8 });
  expect(timing.adjusted).toHaveLength(1);
});

test("retry_timeout is lowered as well where the smallest loop_wait does not mend the rule", () => {
  expect(effectiveTiming({ ttl: 20, loopWait: 10, retryTimeout: 10 })).toMatchObject({
    ttl: 20,
    loopWait: 1,
    retryTimeout: 9,
  });
});
