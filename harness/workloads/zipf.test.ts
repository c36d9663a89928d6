import { expect, test } from "vitest";
import { seededRandom } from "../support/seeded-random.ts";
import { drawZipf } from "./zipf.ts";

const DRAWS = 200_000;

function sharesOf(from: number, to: number, exponent: number): ReadonlyMap<number, number> {
  const random = seededRandom(7, "zipf");
  const counts = new Map<number, number>();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const value = drawZipf(from, to, exponent, random);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return new Map([...counts].map(([value, count]) => [value, count / DRAWS]));
}

test.each([1.1, 1.5, 3])("each value has its share by Zipf's law, with an exponent of %s", (exponent) => {
  const shares = sharesOf(11, 60, exponent);
  const weights = Array.from({ length: 50 }, (_, index) => (index + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (const [index, weight] of weights.entries()) {
    const expected = weight / sum;
    const fiveSigma = 5 * Math.sqrt((expected * (1 - expected)) / DRAWS);
    expect(Math.abs((shares.get(11 + index) ?? 0) - expected)).toBeLessThan(fiveSigma);
  }
  expect(Math.min(...shares.keys())).toBe(11);
  expect(Math.max(...shares.keys())).toBeLessThanOrEqual(60);
});

test("of one value there is nothing to draw", () => {
  const never = (): number => {
    throw new Error("drawn");
  };
  expect(drawZipf(5, 5, 1.1, never)).toBe(5);
});
