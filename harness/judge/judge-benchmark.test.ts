import { describe, expect, test } from "vitest";
import { checkSafety } from "../check/check-safety.ts";
import { measure } from "../measure/measure.ts";
import {
  fakeBenchmarkRecording,
  fakeHistogram,
  fakeOpenShape,
  fakeSearchStages,
  type FakeBenchmarkOptions,
  type FakeStage,
} from "../model/benchmark-recording.fake.ts";
import type { ExactAnswer } from "../model/search.ts";
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
    ["SPLIT-BRAIN", "pass"],
  ]);
  expect(verdict.outcome).toBe("pass");
});

test("data that was not read afterwards is not known to be right", () => {
  const { plan, end, ...recording } = fakeBenchmarkRecording({ invariants: [] });
  const unread = { ...recording, plan, end };
  const verdict = judge({ plan, measurements: measure(unread, checkSafety(unread)), end });
  expect(verdict.targets.map(({ target, outcome }) => [target.id, outcome])).toEqual([
    ["T3", "pass"],
    ["INVARIANTS", "unknown"],
    ["SPLIT-BRAIN", "pass"],
  ]);
  expect(verdict.targets[1]?.sentence).toContain(
    "whole run: what must be true of the data afterwards was not checked",
  );
});

test("a stage beyond the bound fails", () => {
  const verdict = judgedStage({ latencyUs: () => 12_000 });
  expect(verdict.targets[0]?.outcome).toBe("fail");
  expect(verdict.targets[0]?.sentence).toMatch(
    /^Latency, 99th percentile was 12\.\d ms \(at 1,000\/s\); T3 promises/,
  );
});

test("600 answers a second within 1 ms beside 400 failures a second at once fail T3", () => {
  const verdict = judgedStage({ okPerSecond: 600, latencyUs: () => 900, failed: { "42P01": 400 } });
  expect(verdict.targets[0]).toMatchObject({
    outcome: "fail",
    sentence:
      "Latency, 99th percentile was at least 1,000 ms (at 1,000/s, where 40.0 % of the operations did not end ok); T3 promises below 10 ms.",
  });
});

describe("of 10,000 operations, 20 slow in the cluster", () => {
  const perAgent = { ok: 1000, failed: {}, unknown: {} };
  /** 2,000 operations a second: those of a fifth of a stage's 10,000. */
  const stalled = (noticed: boolean, stalled: number, slow: number): FakeStage => ({
    second: (second) => ({
      ...second,
      client: { ...second.client, latenessP99Us: 40_000, latenessMaxUs: 40_000 },
      operations: second.operations.map((each) => ({
        ...each,
        ...perAgent,
        late: stalled,
        latency: fakeHistogram([...ms(1000 - stalled - slow, 1), ...ms(stalled, 41), ...ms(slow, 50)]),
        ...(noticed ? { noticed: fakeHistogram([...ms(1000 - slow, 1), ...ms(slow, 50)]) } : {}),
      })),
    }),
  });

  test("and 90 in a stall of the client leave the p99 undecided", () => {
    const [verdict] = judgedStage(stalled(true, 9, 2)).targets;
    expect(verdict?.outcome).toBe("unknown");
    expect(verdict?.sentence).toMatch(
      /because at 1,000\/s: client late: 41(\.\d)? ms from when operations were due, 1(\.\d)? ms without the client's own lateness/,
    );
  });

  test("or 110, and 90 in a stall, fail: the cluster alone is beyond the bound", () => {
    expect(judgedStage(stalled(true, 9, 11)).targets[0]?.outcome).toBe("fail");
  });

  test("and 70 in a stall pass", () => {
    expect(judgedStage(stalled(true, 7, 2)).targets[0]?.outcome).toBe("pass");
  });

  test("and 90 in a stall are no false fail in a recording that does not tell them apart", () => {
    expect(judgedStage(stalled(false, 9, 2)).targets[0]?.outcome).toBe("unknown");
    expect(judgedStage(stalled(false, 9, 30)).targets[0]?.outcome).toBe("fail");
  });

  function ms(count: number, each: number): number[] {
    return Array.from({ length: count }, () => each * 1000);
  }
});

describe("a client-bound stage", () => {
  const judgedBound = (stage: FakeStage, target: Partial<Target> = {}) =>
    judgedStage({ cpuCores: 0.95, ...stage }, { plan: { targets: [{ ...p99, ...target }] } }).targets[0];

  test("does not fail a latency, and says at which rate it would have been fine", () => {
    const verdict = judgedBound({ latencyUs: () => 12_000 });
    expect(verdict?.outcome).toBe("unknown");
    expect(verdict?.sentence).toContain(
      "client-bound: an agent used 0.95 of a core (from 0.9 on it is full); it would have been fine up to 736 op/s",
    );
  });

  test("passes a latency that was kept all the same", () => {
    expect(judgedBound({ latencyUs: () => 500 })?.outcome).toBe("pass");
  });

  test("passes a throughput that it reached, and leaves a higher one open", () => {
    const throughput = { id: "T7", metric: "throughput" } as const;
    expect(judgedBound({}, { ...throughput, bound: { atLeast: 1000 } })?.outcome).toBe("pass");
    const missed = judgedBound({}, { ...throughput, bound: { atLeast: 1200 } });
    expect(missed?.outcome).toBe("unknown");
    expect(missed?.sentence).toContain(
      "at 1,000/s: at least 1,000 op/s (client-bound: an agent used 0.95 of a core",
    );
  });

  test("fails on operations that the server refused", () => {
    const none = { id: "E", metric: "operations-failed", bound: { atMost: 0 } } as const;
    expect(judgedBound({ failed: { "57P01": 3 } }, none)?.outcome).toBe("fail");
    expect(judgedBound({}, none)?.outcome).toBe("pass");
  });
});

test("a throughput that a client missed which stood still for a second of five is not the cluster's", () => {
  const stoodStill: FakeStage = {
    okPerSecond: 800,
    failed: { NEVER_SENT: 200 },
    second: (second) => ({
      ...second,
      client: { ...second.client, latenessMaxUs: 1_200_000 },
      operations: second.operations.map((each) => ({ ...each, neverSent: 100 })),
    }),
  };
  const throughput = { ...p99, id: "T7", metric: "throughput", bound: { atLeast: 950 } } as const;
  const verdictOf = (atLeast: number) =>
    judgedStage(stoodStill, { plan: { targets: [{ ...throughput, bound: { atLeast } }] } }).targets[0];
  expect(verdictOf(950)?.outcome).toBe("unknown");
  expect(verdictOf(950)?.sentence).toBe(
    "Throughput: not decided, because at 1,000/s: between 800 op/s and 1,000 op/s, since the client itself did not " +
      "send, or not in time, what was due. T7 promises at least 950 op/s.",
  );
  expect(verdictOf(1001)?.outcome).toBe("fail");
  expect(verdictOf(800)?.outcome).toBe("pass");
});

describe("a closed load whose client stood still for 5 of 10 s", () => {
  const shape = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
  const closed = { kind: "fixed", stages: [{ name: "at 1,000/s", shape }] } as const;
  /** 2,000/s in the first half; 16 operations were under way then, and were read 5 s later. */
  const stoodStill: FakeStage = {
    shape,
    phases: { warmupSeconds: 0, steadySeconds: 10, coolDownSeconds: 0 },
    second: (second) => {
      const still = second.fromUs >= 15_000_000;
      const last = second.fromUs >= 19_000_000 ? 8 : 0;
      const ok = still ? last : 1000;
      return {
        ...second,
        client: { ...second.client, stoodStillUs: still ? 1_000_000 : 0 },
        operations: second.operations.map((each) => ({
          ...each,
          ok,
          inTime: still ? 0 : ok,
          latency: fakeHistogram(of(ok, still ? 5_003_000 : 3000)),
          noticed: fakeHistogram(of(ok, 3000)),
          serviceTime: fakeHistogram(of(ok, still ? 5_003_000 : 3000)),
          lag: fakeHistogram(of(ok, 0)),
          stalled: still ? ok : 0,
          cutShort: 0,
        })),
      };
    },
  };
  const verdictOf = (target: Partial<Target>) =>
    judgedStage(stoodStill, {
      benchmark: { method: closed },
      plan: { targets: [{ ...p99, ...target }] },
    }).targets[0];

  test("does not miss a throughput that it may have reached, and misses one that it cannot have", () => {
    const throughput = (atLeast: number) => verdictOf({ id: "T7", metric: "throughput", bound: { atLeast } });
    expect(throughput(1500)?.outcome).toBe("unknown");
    expect(throughput(1500)?.sentence).toBe(
      "Throughput: not decided, because at 1,000/s: between 1,002 op/s and 2,003 op/s, since the client itself stood " +
        "still for a time. T7 promises at least 1,500 op/s.",
    );
    expect(throughput(2500)?.outcome).toBe("fail");
    expect(throughput(1000)?.outcome).toBe("pass");
  });

  test("does not miss a goodput that it may have reached either", () => {
    expect(verdictOf({ metric: "goodput", bound: { atLeast: 1500 } })?.outcome).toBe("unknown");
  });

  test("is not slow for what was under way in its stall", () => {
    for (const metric of ["latency-p99", "service-time-p99"] as const)
      expect(verdictOf({ metric })?.outcome).toBe("pass");
  });

  function of(count: number, us: number): number[] {
    return Array.from({ length: count }, () => us);
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
      "1 of 3 targets was missed (INVARIANTS): Broken invariants were 1 invariant (whole run); " +
        "INVARIANTS promises at most 0 invariants.",
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
    const again = [...stages.slice(0, 2), { ...stages[1]!, name: "step 1, try 2: 2,500/s" }];
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
    ["pass", null],
  ]);
});

describe("a target of recall", () => {
  const recall: Target = {
    id: "RECALL",
    title: "Mean recall of at least 0.9",
    metric: "recall",
    of: "at 1,000/s",
    statistic: "each",
    bound: { atLeast: 0.9 },
    source: "test",
  };
  const distances = [1, 2];
  const answer = { query: 1, ids: [1, 2], distances };
  const truth = { variant: "", operation: "search", query: 1, rows: 2, lastLastingId: 9, distances };

  /** Every answer is kept and right. */
  function judgedRecall(exactAnswers: readonly ExactAnswer[], kept = true) {
    const plain = fakeBenchmarkRecording({
      benchmark: { method: fixed },
      stages: [{ name: "at 1,000/s" }],
      plan: { targets: [recall] },
    });
    const [stage] = plain.stages;
    const steady = plain.events.find((event) => event.kind === "stage" && event.phase === "steady");
    const kinds = Array.from({ length: 200 }, (_, index) => ({
      ...answer,
      intendedUs: (steady?.atUs ?? 0) + index,
    }));
    const stages = [kept ? { ...stage!, answers: new Map([["search", kinds]]) } : stage!];
    const recording = { ...plain, stages, exactAnswers };
    const measurements = measure(recording, checkSafety(recording));
    return judge({ plan: recording.plan, measurements, end: recording.end }).targets[0]!;
  }

  test("passes by answers that are as near as the exact ones", () => {
    expect(judgedRecall([truth]).outcome).toBe("pass");
  });

  test("is unknown where there is no ground truth, and says so", () => {
    const { outcome, sentence } = judgedRecall([]);
    expect(outcome).toBe("unknown");
    expect(sentence).toContain("not decided, because");
    expect(sentence).toContain("there are no exact answers to compare with");
  });

  test("is unknown where no answer was kept", () => {
    const { outcome, sentence } = judgedRecall([truth], false);
    expect(outcome).toBe("unknown");
    expect(sentence).toContain("no answers were kept");
  });
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
