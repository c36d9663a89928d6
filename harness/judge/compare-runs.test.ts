import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import {
  fakeBenchmarkRecording,
  fakeOpenShape,
  type FakeBenchmarkOptions,
  type FakeStage,
} from "../model/benchmark-recording.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { MetricName } from "../model/metric.ts";
import type { Recording } from "../model/recording.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import type { RunComparison } from "../model/comparison.ts";
import { compareRuns } from "./compare-runs.ts";

const long = { warmupSeconds: 1, steadySeconds: 12, coolDownSeconds: 0 };

test("two runs of the same thing are alike", () => {
  const comparison = compareRuns([stageRun(1, {}), stageRun(2, {})]);
  expect(comparison.notComparable).toEqual([]);
  for (const metric of ["latency-p50", "latency-p95", "throughput"] as const) {
    expect(row(comparison, metric).differences[0]?.finding).toBe("alike");
  }
});

test("a run that is a fifth slower is worse, by the ratio and by the ranks of its seconds", () => {
  const slower = stageRun(2, { latencyUs: (random) => 620 - 360 * Math.log(1 - random()) });
  const [difference] = row(compareRuns([stageRun(1, {}), slower]), "latency-p50").differences;
  expect(difference?.finding).toBe("worse");
  expect(difference?.ratio.kind === "value" && difference.ratio.value).toBeCloseTo(1.2, 1);
  expect(difference?.test).toMatchObject({ n: [12, 12] });
  const [back] = row(compareRuns([slower, stageRun(1, {})]), "latency-p50").differences;
  expect(back?.finding).toBe("better");
});

test("one second out of line makes no difference: the ranks do not find it", () => {
  let drawn = 0;
  const once = stageRun(2, {
    okPerSecond: 900,
    latencyUs: (random) => (drawn++ < 3000 ? 40_000 : 500 - 300 * Math.log(1 - random())),
  });
  const first = stageRun(1, { okPerSecond: 900 });
  const [difference] = row(compareRuns([first, once]), "latency-p95").differences;
  expect(difference?.ratio.kind === "value" && difference.ratio.value).toBeGreaterThan(1.05);
  expect(difference?.finding).toBe("undecided");
});

test("too few seconds decide nothing", () => {
  const short = { phases: { ...long, steadySeconds: 5 } };
  const comparison = compareRuns([stageRun(1, short), stageRun(2, { ...short, latencyUs: () => 5000 })]);
  expect(row(comparison, "latency-p50").differences[0]).toMatchObject({
    finding: "undecided",
    test: { withheld: "a rank test needs 8 values of each run, there are 5" },
  });
});

test("latency at another rate is another question", () => {
  const other = stageRun(2, { shape: fakeOpenShape(2000), latencyUs: () => 5000 });
  const compared = row(compareRuns([stageRun(1, {}), other]), "latency-p50");
  expect(compared.caution).toBe("measured at 1,000/s and 2,000/s");
  expect(compared.differences[0]?.finding).toBe("undecided");
});

test("a figure that one run lacks is withheld there", () => {
  const compared = compareRuns([stageRun(1, {}), stageRun(1, { name: "another" })]);
  const { figures, differences } = row(compared, "latency-p50");
  expect(figures[1]).toEqual({ kind: "withheld", reason: "this run did not measure it" });
  expect(differences[0]?.finding).toBe("undecided");
});

describe("runs are not comparable", () => {
  const first = fakeBenchmarkRecording({ stages: [{ phases: long }] });
  const reasons = (changed: Recording) => compareRuns([measured(first), measured(changed)]).notComparable;

  test("on other machines", () => {
    const { environment } = first;
    const machine = { ...environment!.machine, fingerprint: "another" };
    expect(reasons({ ...first, environment: { ...environment!, machine } })).toEqual([
      "They ran on different machines: AMD EPYC 7B13 (3f9c1a7be2d04c55) | AMD EPYC 7B13 (another).",
    ]);
  });

  test("of other data, topologies or dialects; then nothing is found", () => {
    expect(reasons(changedPlan({ parameters: { rows: 10 } }))[0]).toContain(
      "rows=100000 | point-select rows=10",
    );
    const topology = fakeTopology({ pgbouncer: { poolSize: 10 } });
    expect(reasons(changedPlan({ variants: [{ name: "", topology }] }))).toHaveLength(1);
    const { environment } = first;
    const citus = { ...environment!, dialects: { sharding: "citus", vectors: "pgvector" } };
    const comparison = compareRuns([measured(first), measured({ ...first, environment: citus })]);
    expect(comparison.notComparable[0]).toContain("fdw and pgvector | citus and pgvector");
    expect(
      comparison.rows.flatMap(({ differences }) => differences.map(({ finding }) => finding)),
    ).not.toContain("alike");
  });

  test("but other engines may be compared", () => {
    expect(reasons(fakeBenchmarkRecording({ stages: [{ phases: long }], client: { engine: "k6" } }))).toEqual(
      [],
    );
  });

  function changedPlan(benchmark: NonNullable<FakeBenchmarkOptions["benchmark"]>): Recording {
    return fakeBenchmarkRecording({ stages: [{ phases: long }], benchmark });
  }
});

test("faults are compared by the median over their injections", () => {
  const run = (seed: number, seconds: number) =>
    measured(
      fakeRecording({
        seed,
        injections: Array.from({ length: 8 }, (_, index) => ({
          fault: "crash-postgres",
          writeOutageSeconds: seconds + index / 50,
        })),
      }),
    );
  const compared = row(compareRuns([run(1, 2), run(2, 4)]), "write-unavailability");
  expect(compared).toMatchObject({ of: "crash-postgres", caution: null });
  expect(compared.differences[0]).toMatchObject({ finding: "worse", test: { n: [8, 8] } });
});

function stageRun(seed: number, stage: FakeStage) {
  return measured(fakeBenchmarkRecording({ seed, stages: [{ name: "at rest", phases: long, ...stage }] }));
}

function measured(recording: Recording) {
  return { recording, measurements: measure(recording, checkSafety(recording)) };
}

function row({ rows }: RunComparison, metric: MetricName) {
  return rows.find((each) => each.metric === metric)!;
}
