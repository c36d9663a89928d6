import { describe, expect, it, test } from "vitest";
import type { BenchmarkMethod, EngineName, PlannedBenchmark, VectorFiles } from "../model/benchmark.ts";
import type { Arrival } from "../model/load.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { describeBenchmark } from "./describe-benchmark.ts";
import { expectedSeconds } from "./expected-seconds.ts";
import { longestSeconds } from "./longest-seconds.ts";
import { planBenchmark } from "./plan-benchmark.ts";
import { fakeQuestion, fakeWorkload } from "./planned-benchmark.fake.ts";
import { fakePlan, fakeScenario } from "./run-plan.fake.ts";

const parts = {
  workload: fakeWorkload,
  parameters: { rows: 2_000_000 },
  files: null,
  variants: [{ name: "", topology: fakeTopology() }],
  k6Script: null,
};

describe("a planned benchmark", () => {
  it("has every parameter of its workload, and the size of its data", () => {
    expect(planBenchmark(fakeQuestion, parts)).toMatchObject({
      parameters: { rows: 2_000_000, spread: 0 },
      dataBytes: 300_000_000,
      variants: parts.variants,
    });
  });

  it.each<[EngineName, string]>([
    ["native", "poisson"],
    ["pgbench", "poisson"],
    ["k6", "constant"],
  ])("searches with the arrivals that %s can send: %s", (engine, arrival) => {
    const planned = planBenchmark({ ...fakeQuestion, client: { ...fakeQuestion.client, engine } }, parts);
    expect(planned?.method).toMatchObject({ search: { arrival } });
  });

  it("keeps an evenly spaced search for the native engine, and fixed stages for all", () => {
    const { method } = fakeQuestion;
    if (method.kind === "fixed") throw new Error("a search");
    const constant = { ...method, search: { ...method.search, arrival: "constant" as const } };
    expect(planBenchmark({ ...fakeQuestion, method: constant }, parts)?.method).toEqual(constant);
    const shape = { kind: "closed", clients: 4, thinkTimeMs: 0 } as const;
    const fixed: BenchmarkMethod = { kind: "fixed", stages: [{ name: "a", shape }] };
    const client = { ...fakeQuestion.client, engine: "k6" as const };
    expect(planBenchmark({ ...fakeQuestion, client, method: fixed }, parts)?.method).toEqual(fixed);
  });
});

describe("arrivals in order of preference", () => {
  const shape = {
    kind: "open",
    arrival: ["poisson", "constant"],
    rate: { kind: "constant", perSecond: 500 },
  } as const;
  const closed = { kind: "closed", clients: 4, thinkTimeMs: 0 } as const;
  const planned = (engine: EngineName): PlannedBenchmark | null =>
    planBenchmark(
      {
        ...fakeQuestion,
        client: { ...fakeQuestion.client, engine },
        method: {
          kind: "fixed",
          stages: [
            { name: "500/s", shape },
            { name: "closed", shape: closed },
          ],
        },
        sustained: { kind: "shape", name: "always", shape: { ...shape, arrival: ["constant", "poisson"] } },
      },
      parts,
    );

  it.each<[EngineName, Arrival, Arrival, PlannedBenchmark["arrivalsOfEngine"]]>([
    ["native", "poisson", "constant", undefined],
    ["pgbench", "poisson", "poisson", [{ of: "always", preferred: "constant" }]],
    ["k6", "constant", "constant", [{ of: "500/s", preferred: "poisson" }]],
  ])("are the first that %s can send: %s and %s", (engine, stage, sustained, arrivalsOfEngine) => {
    expect(planned(engine)).toMatchObject({
      method: {
        kind: "fixed",
        stages: [
          { name: "500/s", shape: { ...shape, arrival: stage } },
          { name: "closed", shape: closed },
        ],
      },
      sustained: { shape: { ...shape, arrival: sustained } },
    });
    expect(planned(engine)?.arrivalsOfEngine).toEqual(arrivalsOfEngine);
  });

  it("are told of where the engine has not the preferred one, a search's too", () => {
    const text = (benchmark: PlannedBenchmark | null): string =>
      benchmark === null
        ? ""
        : describeBenchmark(benchmark, fakeTopology())
            .map((one) => one.text)
            .join("\n");
    expect(text(planned("k6"))).toContain(
      "Arrivals are constant because of the engine: k6 cannot send poisson ones, which the scenario prefers (500/s).",
    );
    expect(text(planned("native"))).not.toContain("because of the engine");
    const client = { ...fakeQuestion.client, engine: "k6" } as const;
    expect(text(planBenchmark({ ...fakeQuestion, client }, parts))).toContain("(search)");
  });
});

test("a benchmark's containers outlive all of its stages, and it is expected to take them all for each variant", () => {
  const scenario = { ...fakeScenario, load: null, faults: [], benchmark: fakeQuestion };
  const one = fakePlan({ scenario, streams: [], parts });
  const variants = ["a", "b", "c"].map((name) => ({ name, topology: fakeTopology() }));
  const three = fakePlan({ scenario, streams: [], parts: { ...parts, variants } });
  // Saturation, 6 steps and 2 fractions.
  const load = 7 * 5 + 2 * 24;
  expect(expectedSeconds(one)).toBeGreaterThan(load);
  expect(Math.abs(expectedSeconds(three) - 3 * expectedSeconds(one))).toBeLessThanOrEqual(3);
  expect(longestSeconds(one)).toBeGreaterThan(load + 9 * 2);
  expect(longestSeconds(three)).toBe(longestSeconds(one));
});

describe("files that vectors are read from", () => {
  const base = {
    path: "a.fbin",
    format: "fbin",
    rows: 5_000_000,
    columns: 96,
    bytes: 1_920_000_008,
    sha256: "ba5e",
  } as const;
  const files = {
    base,
    queries: { ...base, path: "q.fbin", rows: 200, sha256: "90e5" },
    groundTruth: { ...base, path: "t.bin", format: "bin", rows: 200, columns: 100, sha256: "7207" },
    scannedBecause: null,
    distance: "angular",
  } as const;
  const parameters = { data: 4, rows: 2_000_000, queries: 200, k: 10 };
  const lines = (changed: Partial<VectorFiles> = {}): readonly string[] => {
    const planned = planBenchmark(fakeQuestion, { ...parts, parameters, files: { ...files, ...changed } });
    const [workload] = describeBenchmark(planned!, fakeTopology());
    return workload!.children!.map(({ text }) => text);
  };

  it("are told with their content's hash, what is used of them, and what answers are compared with", () => {
    expect(lines().slice(0, 3)).toEqual([
      "rows from a.fbin (fbin, 1.79 GiB, SHA-256 ba5e): the first 2,000,000 of 5,000,000, of 96 numbers each, distance angular",
      "queries from q.fbin (fbin, 1.79 GiB, SHA-256 90e5): all 200",
      "exact answers from t.bin (bin, 1.79 GiB, SHA-256 7207): the first 10 of 100 rows for each query",
    ]);
    expect(lines()).toContain("benchmark.parameters.data=a.fbin");
  });

  it("are told to be without ground truth, and why", () => {
    const because = "only the first 5 of 9 rows are taken, and ground truth is of all";
    expect(lines({ groundTruth: null, scannedBecause: because })[2]).toBe(
      `exact answers by an exact scan when the tables are filled, as ${because}`,
    );
  });
});
