import { expect, test } from "vitest";
import type { Figure, Hop } from "../model/measurement.ts";
import { fakeInjection } from "./injection.fake.ts";
import { summariseFaults } from "./summarise-faults.ts";

test("faults are told apart by kind, in order of first injection, and by the role of what they hit", () => {
  const summaries = summariseFaults([
    fakeInjection({ fault: "kill-node", role: "primary", writeUnavailabilitySeconds: value(20) }),
    fakeInjection({ fault: "crash-postgres", writeUnavailabilitySeconds: value(1) }),
    fakeInjection({ fault: "kill-node", role: "synchronous standby", writeUnavailabilitySeconds: value(3) }),
    fakeInjection({ fault: "kill-node", role: "primary", writeUnavailabilitySeconds: value(24) }),
  ]);
  expect(
    summaries.map(({ fault, role, writeUnavailabilitySeconds: { n, median } }) => [fault, role, n, median]),
  ).toEqual([
    ["kill-node", "primary", 2, value(22)],
    ["kill-node", "synchronous standby", 1, value(3)],
    ["crash-postgres", "primary", 1, value(1)],
  ]);
});

test("writes, reads and redundancy each have their own figures", () => {
  const [summary] = summariseFaults([
    fakeInjection({
      writeUnavailabilitySeconds: value(1),
      readUnavailabilitySeconds: value(2),
      timeToFullRedundancySeconds: value(3),
    }),
  ]);
  expect(summary?.writeUnavailabilitySeconds.max).toEqual(value(1));
  expect(summary?.readUnavailabilitySeconds.max).toEqual(value(2));
  expect(summary?.timeToFullRedundancySeconds.max).toEqual(value(3));
});

test("a hop's median is over the injections in which it was seen, each hop apart", () => {
  const [summary] = summariseFaults([
    fakeInjection({ hops: [hop("noticed", 4), hop("promoted", 1)] }),
    fakeInjection({ hops: [hop("noticed", 6)] }),
  ]);
  const { noticed, promoted, pooler } = summary!.hopMedianSeconds;
  expect([noticed, promoted]).toEqual([value(5), value(1)]);
  expect(pooler.kind).toBe("withheld");
});

test("lost writes add up; where some are not known the sum is at least that of the others, and of nothing none", () => {
  const lost = (...figures: readonly Figure[]) =>
    summariseFaults(figures.map((lostWrites) => fakeInjection({ lostWrites })))[0]?.lostWrites;
  const unread: Figure = { kind: "withheld", reason: "unread" };
  expect(lost(value(2), value(3))).toEqual(value(5));
  expect(lost(value(0), value(0))).toEqual(value(0));
  expect(lost(value(2), unread)).toEqual({ kind: "at-least", value: 2 });
  expect(lost(value(0), unread, unread)).toEqual({
    kind: "withheld",
    reason: "2 of 3 injections were not judged",
  });
});

function hop(name: Hop["hop"], seconds: number): Hop {
  return { hop: name, atUs: 1, tookSeconds: value(seconds), evidence: "" };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}
