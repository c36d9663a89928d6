import type { Random } from "../model/workload.ts";

/**
 * A whole number from `from` to `to`, the first the likeliest: the k-th of them with a probability in proportion to
 * k ^ -exponent, which is above 1. By the rejection method of pgbench's random_zipfian (Devroye, Non-Uniform Random
 * Variate Generation, pages 550-551), so that every engine draws from the same distribution.
 */
export function drawZipf(from: number, to: number, exponent: number, random: Random): number {
  const most = to - from + 1;
  if (most <= 1) return from;
  const power = exponent - 1;
  const b = 2 ** power;
  for (;;) {
    const u = random();
    const v = random();
    const x = Math.floor(u ** (-1 / power));
    const t = (1 + 1 / x) ** power;
    if ((v * x * (t - 1)) / (b - 1) <= t / b && x <= most) return from + x - 1;
  }
}
