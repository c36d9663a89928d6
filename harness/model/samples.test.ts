import { describe, expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import type { Sample } from "./sample.ts";
import { inOrder, lastEndUs, type Samples, toColumns } from "./samples.ts";

const random = seededRandom(1, "samples");

function operation(id: number, changes: Partial<Sample> = {}): Sample {
  const intendedUs = 9_000_000 + id * 100 + Math.floor(50 * random());
  const startUs = intendedUs + Math.floor(200 * random());
  return { id, intendedUs, startUs, endUs: startUs + 700, outcome: "ok", code: null, ...changes };
}

function operations(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => operation(index + 1));
}

function byIntendedStart(samples: readonly Sample[]): Sample[] {
  return [...samples].sort((a, b) => a.intendedUs - b.intendedUs);
}

describe("samples in columns are what was put in, in order of intended start", () => {
  const acknowledgedBy = { timeline: 2, address: "172.18.0.4" };
  const cases: Readonly<Record<string, readonly Sample[]>> = {
    "of none": [],
    "of one": operations(1),
    "of several chunks": operations(10_000),
    "of more than wait at once": operations(150_000),
    "in the order of their ends, some a second late": operations(100_000)
      .map((sample) =>
        sample.id % 7 === 0
          ? { ...sample, endUs: sample.intendedUs + 1e6, outcome: "failed" as const, code: "CLIENT_TIMEOUT" }
          : sample,
      )
      .sort((a, b) => a.endUs - b.endUs),
    "from the last to the first": operations(80_000).reverse(),
    "by chance": operations(80_000)
      .map((sample) => ({ sample, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ sample }) => sample),
    "of every ending": [
      operation(1),
      operation(2, { outcome: "failed", code: "57P01" }),
      operation(3, { outcome: "unknown", code: "CLIENT_TIMEOUT" }),
      operation(4, { acknowledgedBy }),
      operation(5, { acknowledgedBy: { timeline: 2, address: null } }),
      operation(6, { outcome: "failed", code: "57P01" }),
    ],
    "with halves and other fractions of microseconds": [
      operation(1, { intendedUs: 10.5, startUs: 20.5, endUs: 30.5 }),
      operation(2, { intendedUs: 11.1, startUs: 20.3, endUs: 1e15 / 3 }),
      operation(3, { intendedUs: 9_007_199_254_740_990, startUs: 0.1, endUs: 0.3 }),
    ],
    "with moments far apart, before the recording, and ends before starts": [
      operation(1, { intendedUs: -5e9, startUs: 1, endUs: 0 }),
      operation(900, { intendedUs: 3, startUs: 4e14, endUs: -4e14 }),
      operation(2, { intendedUs: 8e14, startUs: 8e14, endUs: 8e14 }),
    ],
    "due at once, in the order in which they came": [5, 3, 9, 1].map((id) =>
      operation(id, { intendedUs: 7 }),
    ),
  };

  test.each(Object.entries(cases))("%s", (_, samples) => {
    const columns = toColumns(samples);
    const wanted = byIntendedStart(samples);
    expect(columns).toHaveLength(wanted.length);
    expect([...columns]).toEqual(wanted);
    for (let index = 0; index < wanted.length; index += 997) expect(columns.at(index)).toEqual(wanted[index]);
    expect(columns.at(-1)).toEqual(wanted.at(-1));
    expect(columns.at(wanted.length)).toBeUndefined();
    expect(columns.at(-wanted.length - 1)).toBeUndefined();
    expect(lastEndUs(columns)).toBe(lastEndUs(samples));
  });
});

test("several can be read side by side", () => {
  const columns: Samples = toColumns(operations(5000));
  const [one, other] = [columns[Symbol.iterator](), columns[Symbol.iterator]()];
  one.next();
  expect(other.next().value).toEqual(columns.at(0));
  expect(one.next().value).toEqual(columns.at(1));
});

test("a million samples take some eight bytes each", () => {
  const before = process.memoryUsage().arrayBuffers;
  const columns = toColumns(
    (function* () {
      for (let id = 1; id <= 1_000_000; id += 1) yield operation(id);
    })(),
  );
  const grown = process.memoryUsage().arrayBuffers - before;
  expect(columns).toHaveLength(1_000_000);
  expect(grown).toBeLessThan(25e6);
});

test("what is in order already is not put in order again", () => {
  const columns = toColumns(operations(10));
  expect(inOrder(columns)).toBe(columns);
  expect([...inOrder([...columns].reverse())]).toEqual([...columns]);
});
