import { expect, test } from "vitest";
import type { Sample } from "../../../harness/model/sample.ts";
import { fakeBenchmarkRecording } from "../../../harness/model/benchmark-recording.fake.ts";
import { streamOfSamples, streamOfStages, type Values } from "./streams.ts";

function samples(
  count: number,
  everyUs: number,
  change: (id: number) => Partial<Sample> = () => ({}),
): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const intendedUs = 2_000_000 + index * everyUs;
    const plain: Sample = {
      id: index + 1,
      intendedUs,
      startUs: intendedUs,
      endUs: intendedUs + 1500,
      outcome: "ok",
      code: null,
    };
    return { ...plain, ...change(index + 1) };
  });
}

test("every operation is counted once, by the moment at which it was due", () => {
  const list = samples(1000, 10_000, (id) => ({
    outcome: id % 10 === 0 ? "failed" : id % 25 === 1 ? "unknown" : "ok",
  }));
  const { outcomes } = streamOfSamples("write-probe", list, 12_000_000);
  const step = 0.25;
  const counted = (rates: Values): number => rates.reduce((sum: number, rate) => sum + (rate ?? 0) * step, 0);
  expect(outcomes.at).toEqual({ first: 2 + step / 2, step });
  expect([counted(outcomes.ok), counted(outcomes.failed), counted(outcomes.unknown)]).toEqual([860, 100, 40]);
});

test("latency counts from the intended start, over served operations only", () => {
  const list = samples(100, 10_000, (id) => (id === 7 ? { endUs: 9_000_000, outcome: "failed" } : {}));
  const late = list.map((one) =>
    one.id === 50 ? { ...one, startUs: one.intendedUs + 40_000, endUs: one.intendedUs + 45_000 } : one,
  );
  const { latencyMs } = streamOfSamples("write-probe", late, 3_000_000);
  expect(latencyMs.p50).toEqual([1.5]);
  expect(latencyMs.max).toEqual([45]);
});

test("the upper percentile is as deep as the stream's rate allows, and absent where a bucket holds too few", () => {
  const named = (perSecond: number): string =>
    streamOfSamples("x", samples(perSecond * 3, 1_000_000 / perSecond), 5_000_000).latencyMs.upperName;
  expect([named(90), named(200), named(1000)]).toEqual(["p90", "p95", "p99"]);
  const thin = samples(200, 10_000, (id) => ({ outcome: id > 100 && id < 150 ? "failed" : "ok" }));
  expect(streamOfSamples("x", thin, 4_000_000).latencyMs.upper).toEqual([1.5, null]);
});

test("a run of an hour has no more buckets than can be drawn", () => {
  const { outcomes } = streamOfSamples("x", samples(3600, 1_000_000), 3_600_000_000);
  expect(outcomes.ok.length).toBeLessThanOrEqual(3000);
});

test("a bucket in which the load began or ended has the rate of the part that it was sent in", () => {
  const hour = 3_600_000_000;
  const list = samples(6040, 10_000).map((one) => ({ ...one, intendedUs: one.intendedUs + 900_000 }));
  const { outcomes } = streamOfSamples("x", list, hour);
  // From 2.9 s to 63.3 s, in buckets of 2 s.
  expect(outcomes.at).toEqual({ first: 3, step: 2 });
  expect(outcomes.ok).toHaveLength(31);
  for (const rate of outcomes.ok) expect(rate).toBeCloseTo(100, 5);
});

test("the last milliseconds of a stage have no rate of their own", () => {
  const [stage] = fakeBenchmarkRecording({ client: { agents: 1 } }).stages;
  const last = stage!.seconds.at(-1)!;
  const short = {
    ...last,
    fromUs: last.toUs,
    toUs: last.toUs + 4000,
    operations: last.operations.map((one) => ({ ...one, ok: 40 })),
  };
  const whole = streamOfStages([stage!], last.toUs);
  const cut = streamOfStages([{ ...stage!, seconds: [...stage!.seconds, short] }], last.toUs);
  expect(cut.outcomes.ok).toHaveLength(whole.outcomes.ok.length);
  const most = Math.max(...whole.outcomes.ok.map((rate) => rate ?? 0));
  expect(Math.max(...cut.outcomes.ok.map((rate) => rate ?? 0))).toBeLessThan(1.1 * most);
});
