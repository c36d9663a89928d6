import type { Outcome } from "../harness/model/sample.ts";

/** The share of all operations that were due and did not end ok: `40.0 %`, `< 0.1 %`, `0 %`. */
export function shareNotOk({ ok, failed, unknown }: Readonly<Record<Outcome, number>>): string {
  const notOk = failed + unknown;
  if (notOk === 0) return "0 %";
  const percent = (100 * notOk) / (ok + notOk);
  return percent < 0.1 ? "< 0.1 %" : `${percent.toFixed(1)} %`;
}
