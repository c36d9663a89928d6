import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import {
  fakeBenchmarkRecording,
  fakeOpenShape,
  fakeSearchStages,
  type FakeBenchmarkOptions,
  type FakeStage,
} from "../model/benchmark-recording.fake.ts";
import type { Target } from "../model/target.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { judge } from "./judge.ts";

const fixed = { kind: "fixed", stages: [{ name: "at 1,000/s", shape: fakeOpenShape(1000) }] } as const;

const p99: Target = {
  id: "T3",
  title: "p99 below 10 ms",
  metric: "latency-p99",
  of: "at 1,000/s",
  statistic: "each",
  bound: { below: 10 },
  source: "test",
};

test("a stage within the bound passes, and so does its data", () => {
  const verdict = judgedStage({});
  expect(verdict.targets.map(({ target, outcome }) => [target.id, outcome])).toEqual([
    ["T3", "pass"],
    ["INVARIANTS", "pass"],
  ]);
  expect(verdict.outcome).toBe("pass");
});

test("a stage beyond the bound fails", () => {
  const verdict = judgedStage({ latencyUs: () => 12_000 });
  expect(verdict.targets[0]?.outcome).toBe("fail");
  expect(verdict.targets[0]?.sentence).toMatch(
    /^Latency, 99th percentile was 12\.\d ms \(at 1,000\/s\); T3 promises/,
  );
});

test("a client-bound stage neither passes nor fails, and it says at which rate it would have been fine", () => {
  for (const latencyUs of [() => 12_000, () => 500]) {
    const verdict = judgedStage({ latencyUs, cpuCores: 0.95 });
    expect(verdict.outcome).toBe("unknown");
    expect(verdict.targets[0]?.sentence).toContain(
      "client-bound: an agent used 0.95 of a core (from 0.9 on it is full); it would have been fine up to 736 op/s",
    );
  }
});

test("a stage that failed is undecided, whatever its figures", () => {
  const end = { kind: "failed", code: "agent-failed", reason: "the agent died", atUs: 17_000_000 } as const;
  const verdict = judgedStage({ latencyUs: () => 12_000, end });
  expect(verdict.targets[0]?.outcome).toBe("unknown");
  expect(verdict.targets[0]?.sentence).toContain("it failed (agent-failed): the agent died");
});

describe("an incomplete recording", () => {
  const end = { kind: "incomplete", reason: "interrupted" } as const;

  test("passes nothing", () => {
    expect(judgedStage({}, { end }).outcome).toBe("unknown");
  });

  test("and a measured fail stays one", () => {
    expect(judgedStage({ latencyUs: () => 12_000 }, { end }).targets[0]?.outcome).toBe("fail");
  });
});

describe("an invariant", () => {
  const reading = { variant: "", workload: "insert", title: "Every acknowledged row is there" };

  test("that is broken fails the run, however quick it was", () => {
    const lost = { ...reading, found: 90, atLeast: 100, atMost: 120, problem: null };
    const verdict = judgedStage({}, { invariants: [lost] });
    expect(verdict.outcome).toBe("fail");
    expect(verdict.sentence).toBe(
      "1 of 2 targets was missed (INVARIANTS): Broken invariants were 1 invariant (sum of 1 figure), most of it in " +
        "whole run; INVARIANTS promises at most 0 invariants.",
    );
  });

  test("that could not be read leaves the run undecided", () => {
    const unread = { ...reading, found: null, atLeast: 100, atMost: 120, problem: "no connection" };
    expect(judgedStage({}, { invariants: [unread] }).outcome).toBe("unknown");
  });

  test("that holds is no target where the scenario has none", () => {
    const verdict = judgedStage({}, { plan: { targets: [] } });
    expect(verdict).toMatchObject({ outcome: "unknown", targets: [] });
  });
});

describe("a capacity", () => {
  const capacity: Target = { ...p99, id: "T7", metric: "capacity", of: undefined, bound: { atLeast: 2000 } };
  const outcomeOf = (stages: readonly FakeStage[], atLeast = 2000) =>
    judged({ stages, plan: { targets: [{ ...capacity, bound: { atLeast } }] } }).targets[0];

  test("passes where the rate that was kept up is enough, and fails where the one that was refused is not", () => {
    expect(outcomeOf(fakeSearchStages)?.outcome).toBe("pass");
    expect(outcomeOf(fakeSearchStages, 2501)?.outcome).toBe("fail");
  });

  test("is undecided where the bound lies between the two, and it says what decides it", () => {
    const verdict = outcomeOf(fakeSearchStages, 2001);
    expect(verdict?.outcome).toBe("unknown");
    expect(verdict?.sentence).toContain(
      "between 2,000 op/s and 2,500 op/s (a scenario with a fixed stage at 2,001 op/s decides it)",
    );
  });

  test("whose higher rate was refused once only, as in old recordings, fails nothing", () => {
    // Within what a closed load reached: there the refusal could be the moment's.
    const stages = fakeSearchStages.map((stage, index) =>
      index === 0 ? { ...stage, okPerSecond: 3000 } : stage,
    );
    expect(outcomeOf(stages, 2501)?.outcome).toBe("unknown");
    const again = [...stages.slice(0, 2), { ...stages[1]!, name: "step 1: 2,500/s, try 2" }];
    expect(outcomeOf([...again, ...stages.slice(2)], 2501)?.outcome).toBe("fail");
  });

  test("that no higher rate refuted says nothing of a bound above it", () => {
    const [saturation, , step, confirmation] = fakeSearchStages;
    expect(outcomeOf([saturation!, step!, confirmation!], 2001)?.outcome).toBe("unknown");
    expect(outcomeOf([saturation!, step!, confirmation!])?.outcome).toBe("pass");
  });

  test("that was not confirmed is undecided, with the reason", () => {
    const late = { ...fakeSearchStages[3]!, latencyUs: () => 30_000 };
    const verdict = outcomeOf([...fakeSearchStages.slice(0, 3), late]);
    expect(verdict?.outcome).toBe("unknown");
    expect(verdict?.sentence).toContain("2,000/s was found and not confirmed: p99 30.");
  });

  test("that was not found leaves the latency at its shares undecided", () => {
    const verdict = judged({
      stages: fakeSearchStages.slice(0, 2),
      plan: { targets: [{ ...p99, of: "50 % of capacity" }] },
      benchmark: {
        method: {
          kind: "fractions-of-capacity",
          percents: [50],
          search: {
            arrival: "poisson",
            saturationClients: 16,
            steps: 1,
            phases: { warmupSeconds: 1, steadySeconds: 5, coolDownSeconds: 1 },
          },
        },
      },
    });
    expect(verdict.targets[0]?.sentence).toContain(
      'nothing was measured of "50 % of capacity" (no capacity was found: no rate that was tried was kept up',
    );
  });
});

test("700 of 1,000 clients that session pooling does not serve fail T10, as the advice foresaw", () => {
  const shape = { kind: "closed", clients: 1000, thinkTimeMs: 4000 } as const;
  const finding = {
    id: "D5",
    severity: "impossible",
    title: "Sessions hold their server connection",
    claim: "1,000 connections",
    truth: "300 are served at a time.",
    mend: "Pool by transaction.",
    source: "PgBouncer",
  } as const;
  const served: Target = {
    ...p99,
    id: "T10",
    metric: "connections-served",
    of: "session: 1,000 clients",
    bound: { atLeast: 1000 },
  };
  const verdict = judged({
    stages: [{ name: "1,000 clients", variant: "session", shape, served: 300 }],
    client: { sessions: "own" },
    benchmark: {
      method: { kind: "fixed", stages: [{ name: "1,000 clients", shape }] },
      variants: [
        { name: "session", topology: fakeTopology() },
        { name: "transaction", topology: fakeTopology() },
      ],
    },
    plan: {
      targets: [served, { ...served, of: "transaction: 1,000 clients" }],
      advice: { timing: null, bands: [], findings: [finding] },
    },
  });
  expect(verdict.targets.map(({ outcome, foreseen }) => [outcome, foreseen])).toEqual([
    ["fail", "Sessions hold their server connection: 300 are served at a time."],
    ["unknown", null],
    ["pass", null],
  ]);
});

function judgedStage(stage: FakeStage, options: FakeBenchmarkOptions = {}) {
  return judged({
    benchmark: { method: fixed },
    ...options,
    stages: [{ name: "at 1,000/s", ...stage }],
    plan: { targets: [p99], ...options.plan },
  });
}

function judged(options: FakeBenchmarkOptions) {
  const recording = fakeBenchmarkRecording(options);
  const measurements = measure(recording, checkSafety(recording));
  return judge({ plan: recording.plan, measurements, end: recording.end });
}
