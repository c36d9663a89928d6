import { expect, test } from "vitest";
import { groupReadings, mean } from "./group-readings.ts";
import { container, machine, pooler, postgres } from "./readings.fake.ts";

test("readings are kept by what they tell of, in order, from the first to the last of any kind", () => {
  const first = { ...container("agent", { cpuCores: 0.1 }), atUs: 70e6 };
  const second = { ...container("agent", { cpuCores: 0.2 }), atUs: 71e6 };
  const whole = { ...machine(), atUs: 72e6 };
  const pool = { ...pooler("pgbouncer-1"), atUs: 73e6 };
  const member = { ...postgres("worker-1a"), atUs: 74.5e6 };
  expect(groupReadings([first, second, whole, pool, member])).toEqual({
    seconds: 4.5,
    machine: [whole],
    containers: new Map([["agent", [first, second]]]),
    poolers: new Map([["pgbouncer-1", [pool]]]),
    members: new Map([["worker-1a", [member]]]),
  });
});

test("no readings last no time, and the mean of none is 0", () => {
  expect(groupReadings([]).seconds).toBe(0);
  expect(mean([], () => 1)).toBe(0);
  expect(mean([1, 2, 6], (each) => each)).toBe(3);
});
