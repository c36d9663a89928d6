import { seededRandom } from "../support/seeded-random.ts";

/** Normal values of variance 1, each of which remembers a share `phi` of the one before, as the seconds of a run do. */
export function autoregression({
  n,
  phi,
  seed,
}: {
  readonly n: number;
  readonly phi: number;
  readonly seed: number;
}): number[] {
  const random = seededRandom(seed, "autoregression");
  const values: number[] = [];
  let value = normal(random);
  for (let index = 0; index < n; index++) {
    values.push(value);
    value = phi * value + Math.sqrt(1 - phi * phi) * normal(random);
  }
  return values;
}

/** Box and Muller 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
