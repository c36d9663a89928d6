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
import type { EngineName, PlannedBenchmark } from "../model/benchmark.ts";
import type { Arrival } from "../model/load.ts";
import type { NamedFigure } from "../model/measurement.ts";
import type { MetricName } from "../model/metric.ts";
import type { Recording } from "../model/recording.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import type { Evidence, RunComparison, SideDifference } from "../model/comparison.ts";
import type { ComparedRun } from "./compared-run.ts";
import { compareRuns } from "./compare-runs.ts";

const long = { warmupSeconds: 1, steadySeconds: 40, coolDownSeconds: 0 };

test("two long runs of the same thing are alike, by blocks of their seconds", () => {
  const comparison = compareSingle(stageRun(1, {}), stageRun(2, {}));
  expect(comparison.notComparable).toEqual([]);
  for (const metric of ["latency-p50", "throughput"] as const) {
    expect(only(comparison, metric).finding).toBe("alike");
  }
  expect(evidence(comparison, "latency-p50").unit.kind).toBe("blocks");
});

test("topologies that the scenario itself compares are no other question, unless something else was set", () => {
  const on = (name: string, overrides: readonly string[] = []): ComparedRun => {
    const recording = fakeRecording({});
    const { plan } = recording;
    const scenario = { ...plan.scenario, against: ["b"] };
    const changed = {
      ...recording,
      plan: { ...plan, scenario, overrides, topology: { ...plan.topology, name } },
    };
    return { recording: changed, measurements: measure(changed, checkSafety(changed)) };
  };
  expect(compareSingle(on("a"), on("b")).notComparable).toEqual([]);
  expect(compareSingle(on("a"), on("b", ["patroni.ttl=30"])).notComparable).toEqual([
    "They ran on different topologies: a | b patroni.ttl=30.",
  ]);
});

test("two short runs of the same thing are undecided, and it is said how much more would help", () => {
  const short = { phases: { ...long, steadySeconds: 12 } };
  const difference = only(compareSingle(stageRun(1, short), stageRun(2, short)), "latency-p50");
  expect(difference.finding).toBe("undecided");
  expect(difference.why).toMatch(
    /^There are \d and \d blocks of \d+ s\. A test needs at least 4 of each, and \d to find one difference among the \d+ figures tested: about \d+ s of steady phase\. Repeated runs say more: 4 or more of each side/,
  );
});

test("a run that is a fifth slower is worse, by estimate, ranks and figures", () => {
  const slower = stageRun(2, { latencyUs: (random) => 620 - 360 * Math.log(1 - random()) });
  const there = compareSingle(stageRun(1, {}), slower);
  expect(only(there, "latency-p50").finding).toBe("worse");
  const { estimate, interval, scale, direction } = evidence(there, "latency-p50");
  expect([scale, direction]).toEqual(["ratio", 1]);
  expect(estimate.kind === "value" && estimate.value).toBeCloseTo(1.2, 1);
  expect(interval.kind === "between" && interval.low).toBeGreaterThan(1.1);
  expect(only(compareSingle(slower, stageRun(1, {})), "latency-p50").finding).toBe("better");
});

test("a few seconds out of line make no difference and no likeness: blocks and figures do not agree", () => {
  let drawn = 0;
  const once = stageRun(2, {
    okPerSecond: 900,
    latencyUs: (random) => (drawn++ < 3600 ? 40_000 : 500 - 300 * Math.log(1 - random())),
  });
  const compared = compareSingle(stageRun(1, { okPerSecond: 900 }), once);
  const { ratio, finding } = only(compared, "latency-p95");
  expect(ratio.kind === "value" && ratio.value).toBeGreaterThan(1.05);
  expect(finding).toBe("undecided");
});

test("what failed at once makes no block quick: it ranks last, as in the figures", () => {
  const failing = stageRun(2, { failed: { "53300": 600 }, latencyUs: () => 300 });
  const there = compareSingle(stageRun(1, {}), failing);
  expect(row(there, "latency-p95").figures[1]).toEqual({ kind: "at-least", value: 1000 });
  expect(only(there, "latency-p95").finding).toBe("worse");
  expect(evidence(there, "latency-p95").estimate.kind).toBe("at-least");
});

test("a percentile that a second has too few operations for is taken over longer stretches", () => {
  const few = { okPerSecond: 400, phases: { ...long, steadySeconds: 120 } };
  const { unit } = evidence(compareSingle(stageRun(1, few), stageRun(2, few)), "latency-p99");
  // 1,000 operations in 3 s.
  expect(unit.kind === "blocks" && unit.seconds % 3).toBe(0);
});

test("a closed load whose client stood still is not worse for it, seconds or runs", () => {
  const shape = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
  const still = (seed: number) =>
    stageRun(seed, {
      shape,
      second: (second) => ({
        ...second,
        client: { ...second.client, stoodStillUs: 300_000 },
        operations: second.operations.map((each) => ({ ...each, ok: 350, inTime: 350 })),
      }),
    });
  const alone = only(compareSingle(stageRun(1, { shape }), still(2)), "throughput");
  expect(alone.ratio).toMatchObject({ kind: "between", low: 0.7 });
  expect(alone.finding).not.toBe("worse");
  const sides = [[1, 2, 3, 4, 5].map((seed) => stageRun(seed, { shape })), [6, 7, 8, 9, 10].map(still)];
  expect(only(compareRuns(sides), "throughput").finding).not.toBe("worse");
});

describe("repeated runs", () => {
  const repeated = (firstSeed: number, runs: number, okPerSecond: number) =>
    Array.from({ length: runs }, (_, index) =>
      stageRun(firstSeed + index, {
        phases: { ...long, steadySeconds: 3 },
        okPerSecond: okPerSecond + firstSeed + index,
        shape: { kind: "closed", clients: 16, thinkTimeMs: 0 },
      }),
    );

  test("are the evidence themselves: seven against seven find a tenth of throughput", () => {
    const comparison = compareRuns([repeated(1, 7, 1000), repeated(8, 7, 900)]);
    expect(only(comparison, "throughput").finding).toBe("worse");
    expect(evidence(comparison, "throughput")).toMatchObject({ unit: { kind: "runs" }, n: [7, 7] });
    expect(evidence(comparison, "throughput").noDifference.alone).toBeCloseTo(2 / 3432, 9);
    expect(row(comparison, "throughput").figures).toEqual([
      { kind: "value", value: 1004 },
      { kind: "value", value: 911 },
    ]);
  });

  test("are alike where all are within 5 %", () => {
    const comparison = compareRuns([repeated(1, 7, 1000), repeated(8, 7, 1000)]);
    expect(only(comparison, "throughput").finding).toBe("alike");
  });

  test("of three each can never differ at 5 %, and it is said how many can", () => {
    const comparison = compareRuns([repeated(1, 3, 1000), repeated(4, 3, 500)]);
    const { finding, why } = only(comparison, "throughput");
    expect(evidence(comparison, "throughput").noDifference.alone).toBeCloseTo(0.1, 9);
    expect(finding).toBe("undecided");
    expect(why).toMatch(/About [67] runs of each might/);
  });

  test("two against three decide nothing, however long each was", () => {
    const { finding, why } = only(compareRuns([repeated(1, 3, 1000), repeated(4, 2, 500)]), "throughput");
    expect(finding).toBe("undecided");
    expect(why).toMatch(
      /^There are 2 and 3 runs\. A test needs at least 4 of each, and [67] to find one difference among the \d+ figures tested\.$/,
    );
  });

  test("a figure that a run has only once needs them", () => {
    const { why } = only(compareSingle(stageRun(1, {}), stageRun(2, {})), "connections-served");
    expect(why).toBe(
      "One run of each gives one figure of each. Repeated runs say more: 4 or more of each side (run --repeat).",
    );
  });
});

test("what is significant alone need not be among all that were tested", () => {
  const comparison = compareSingle(stageRun(1, {}), stageRun(2, {}));
  expect(comparison.tested).toBeGreaterThan(5);
  const { alone, amongAll } = evidence(comparison, "latency-p50").noDifference;
  expect(amongAll).toBeGreaterThanOrEqual(alone);
});

test("latency at another rate is another question", () => {
  const other = stageRun(2, { shape: fakeOpenShape(2000), latencyUs: () => 5000 });
  const compared = row(compareSingle(stageRun(1, {}), other), "latency-p50");
  expect(compared.caution).toBe("measured at 1,000/s and 2,000/s");
  expect(compared.differences[0]?.finding).toBe("undecided");
});

describe("stages at the same fixed rates", () => {
  const rates = [1000, 2000];
  const run = (engine: EngineName, arrival: Arrival, addedUs = 0): ComparedRun =>
    measured(
      fakeBenchmarkRecording({
        seed: addedUs + engine.length,
        client: { engine },
        stages: rates.map((perSecond) => ({
          name: `${perSecond}/s`,
          phases: long,
          shape: { kind: "open", arrival, rate: { kind: "constant", perSecond } },
          okPerSecond: perSecond,
          latencyUs: (random) => 500 + addedUs - 300 * Math.log(1 - random()),
        })),
      }),
    );
  const latencies = (own: ComparedRun) =>
    compareSingle(run("native", "poisson"), own).rows.filter(
      ({ metric, of }) => /^latency-p(50|95|99)$/.test(metric) && of.endsWith("/s"),
    );

  test("are decided between engines, at p50, p95 and p99", () => {
    const rows = latencies(run("pgbench", "poisson", 400));
    expect(rows).toHaveLength(6);
    for (const { caution, note, differences } of rows) {
      expect([caution, note, differences[0]?.finding]).toEqual([null, null, "worse"]);
    }
  });

  test("are decided and noted where the arrivals differ", () => {
    const rows = latencies(run("k6", "constant", 400));
    expect(rows).toHaveLength(6);
    for (const { caution, note, differences } of rows) {
      expect(note).toMatch(/^arrivals poisson and constant: /);
      expect([caution, differences[0]?.finding]).toEqual([null, "worse"]);
    }
  });
});

test("a capacity that was found by other arrivals is noted", () => {
  const noted = (arrival: Arrival) => {
    const plan = fakeBenchmarkRecording({}).plan.benchmark!.method;
    if (plan.kind === "fixed") throw new Error("a search");
    const method = { ...plan, search: { ...plan.search, arrival } };
    const own = measured(fakeBenchmarkRecording({ seed: 2, benchmark: { method } }));
    return row(compareSingle(measured(fakeBenchmarkRecording({ seed: 1 })), own), "capacity").note;
  };
  expect(noted("constant")).toMatch(/^arrivals poisson and constant: /);
  expect(noted("poisson")).toBeNull();
});

test("so is, at another rate, what the faults did", () => {
  const under = (of: string, metric: MetricName, perSecond: number): ComparedRun => {
    const run = stageRun(perSecond, { shape: fakeOpenShape(perSecond), purpose: "sustained" });
    const figure: NamedFigure = { metric, of, fault: null, figure: { kind: "value", value: 5 }, n: 1000 };
    return { ...run, measurements: { ...run.measurements, figures: [figure] } };
  };
  for (const [of, metric] of [
    ["at rest, during", "latency-p99"],
    ["kill-node", "latency-recovery"],
  ] as const) {
    const compared = row(compareSingle(under(of, metric, 1000), under(of, metric, 2000)), metric);
    expect(compared.caution).toBe("measured at 1,000/s and 2,000/s");
  }
});

test("a figure that one run lacks is withheld there", () => {
  const compared = compareSingle(stageRun(1, {}), stageRun(1, { name: "another" }));
  const { figures, differences } = row(compared, "latency-p50");
  expect(figures[1]).toEqual({ kind: "withheld", reason: "this run did not measure it" });
  expect(differences[0]?.finding).toBe("undecided");
});

describe("runs are not comparable", () => {
  const first = fakeBenchmarkRecording({ stages: [{ phases: long }] });
  const reasons = (changed: Recording) => compareSingle(measured(first), measured(changed)).notComparable;

  test("on other machines", () => {
    const { environment } = first;
    const machine = { ...environment!.machine, fingerprint: "another" };
    expect(reasons({ ...first, environment: { ...environment!, machine } })).toEqual([
      "They ran on different machines: AMD EPYC 7B13 (3f9c1a7be2d04c55) | AMD EPYC 7B13 (another).",
    ]);
  });

  test("of vectors from other files, whatever those are called", () => {
    const files = (content: string, path = "a.fbin"): Partial<PlannedBenchmark> => {
      const base = { path, format: "fbin", rows: 9, columns: 8, bytes: 296, sha256: content } as const;
      return {
        files: {
          base,
          queries: base,
          groundTruth: null,
          scannedBecause: "no file of ground truth is given",
          distance: null,
        },
      };
    };
    const [one, other] = [changedPlan(files("aa")), changedPlan(files("bb"))];
    const { notComparable } = compareSingle(measured(one), measured(other));
    expect(notComparable).toEqual([
      "They took their vectors from different files: rows aa, queries aa, exact answers by scan | rows bb, queries bb, exact answers by scan.",
    ]);
    expect(reasons(one)[0]).toContain("none | rows aa");
    const moved = changedPlan(files("aa", "elsewhere/a.fbin"));
    expect(compareSingle(measured(one), measured(moved)).notComparable).toEqual([]);
  });

  test("of other data, topologies or dialects; then nothing is found", () => {
    expect(reasons(changedPlan({ parameters: { rows: 10 } }))[0]).toContain(
      "rows=100000 | point-select rows=10",
    );
    const topology = fakeTopology({ pgbouncer: { poolSize: 10 } });
    expect(reasons(changedPlan({ variants: [{ name: "", topology }] }))).toHaveLength(1);
    const { environment } = first;
    const citus = { ...environment!, dialects: { sharding: "citus", vectors: "pgvector" } };
    const comparison = compareSingle(measured(first), measured({ ...first, environment: citus }));
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
  const comparison = compareSingle(run(1, 2), run(2, 4));
  const compared = row(comparison, "write-unavailability");
  expect(compared).toMatchObject({ of: "crash-postgres", caution: null });
  expect(compared.differences[0]?.finding).toBe("worse");
  expect(evidence(comparison, "write-unavailability")).toMatchObject({
    unit: { kind: "injections" },
    n: [8, 8],
  });
});

test("a fault on victims of another role is another thing, and is not compared with it", () => {
  const run = (seed: number) => {
    const recording = fakeRecording({
      seed,
      injections: [1, 2].map((index) => ({ fault: "kill-node", writeOutageSeconds: index * 10 })),
    });
    const plan = {
      ...recording.plan,
      injections: recording.plan.injections.map((each, index) => ({
        ...each,
        victim: (["leader of etcd", "a majority of etcd"] as const)[index]!,
      })),
    };
    return measured({ ...recording, plan });
  };
  const rows = compareSingle(run(1), run(2)).rows.filter(({ metric }) => metric === "write-unavailability");
  expect(rows.map(({ of }) => of)).toEqual(["kill-node, etcd leader", "kill-node, etcd quorum"]);
});

test("injections of repeated runs are counted together: each is a trial of its own", () => {
  const run = (seed: number, seconds: number) =>
    measured(
      fakeRecording({
        seed,
        injections: Array.from({ length: 3 }, (_, index) => ({
          fault: "crash-postgres",
          writeOutageSeconds: seconds + seed / 10 + index / 50,
        })),
      }),
    );
  const comparison = compareRuns([
    [run(1, 2), run(2, 2), run(3, 2)],
    [run(4, 4), run(5, 4)],
  ]);
  expect(evidence(comparison, "write-unavailability")).toMatchObject({
    unit: { kind: "injections" },
    n: [6, 9],
  });
  expect(only(comparison, "write-unavailability").finding).toBe("worse");
});

function stageRun(seed: number, stage: FakeStage) {
  return measured(fakeBenchmarkRecording({ seed, stages: [{ name: "at rest", phases: long, ...stage }] }));
}

function measured(recording: Recording) {
  return { recording, measurements: measure(recording, checkSafety(recording)) };
}

function compareSingle(first: ComparedRun, own: ComparedRun): RunComparison {
  return compareRuns([[first], [own]]);
}

function only(comparison: RunComparison, metric: MetricName): SideDifference {
  return row(comparison, metric).differences[0]!;
}

function evidence(comparison: RunComparison, metric: MetricName): Evidence {
  const found = only(comparison, metric).evidence;
  if ("withheld" in found) throw new Error(found.withheld);
  return found;
}

function row({ rows }: RunComparison, metric: MetricName) {
  return rows.find((each) => each.metric === metric)!;
}
