import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { describe, expect, test } from "vitest";
import type { ClientSettings } from "../model/benchmark.ts";
import {
  fakeBenchmarkRecording,
  fakeOpenShape,
  type FakeBenchmarkOptions,
  type FakeStage,
} from "../model/benchmark-recording.fake.ts";
import type { Figure, StageMeasurement } from "../model/measurement.ts";
import type { Recording } from "../model/recording.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { RecordedStage } from "../model/stage.ts";
import { measureStage } from "./measure-stage.ts";

test("only the steady phase counts, and both agents' operations do", () => {
  const measured = measureOne({ shape: fakeOpenShape(2000) });
  expect(measured).toMatchObject({
    title: "stage 1",
    steadySeconds: 5,
    offeredPerSecond: value(2000),
    throughputPerSecond: value(2000),
    problem: null,
  });
  expect(measured.operations.map(({ operation, outcomes }) => [operation, outcomes.ok])).toEqual([
    ["all operations", 10_000],
    ["select", 10_000],
  ]);
});

test("the histograms of agents and seconds add up to those of all operations together, to 0.1 %", () => {
  const random = seededRandom(5, "stage");
  const values = Array.from({ length: 40_000 }, () => Math.round(200 - 2000 * Math.log(1 - random())));
  const parts = [0, 1, 2, 3].map((part) => values.filter((_, index) => index % 4 === part));
  const measured = measureSeconds(parts.map((part) => ({ latency: encode(part), ok: part.length })));
  const { latencyMs } = measured.operations[0]!;
  const sorted = values.toSorted((a, b) => a - b);
  expect(latencyMs.n).toBe(40_000);
  for (const [share, figure] of [
    [0.5, latencyMs.p50],
    [0.95, latencyMs.p95],
    [0.99, latencyMs.p99],
    [0.999, latencyMs.p999],
    [1, latencyMs.max],
  ] as const) {
    const exact = sorted[Math.ceil(share * sorted.length) - 1]! / 1000;
    expect(Math.abs(valueOf(figure) / exact - 1)).toBeLessThan(0.001);
  }
});

test("a percentile is withheld below its number of samples, with the reason", () => {
  const of = (n: number) => {
    const values = Array.from({ length: n }, () => 1000);
    const { latencyMs } = measureSeconds([{ latency: encode(values), ok: n }]).operations[0]!;
    return [latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.p999].map(({ kind }) => kind === "value");
  };
  expect(of(9)).toEqual([false, false, false, false]);
  expect(of(10)).toEqual([true, false, false, false]);
  expect(of(100)).toEqual([true, true, false, false]);
  expect(of(1000)).toEqual([true, true, true, false]);
  expect(of(10_000)).toEqual([true, true, true, true]);
  expect(measureSeconds([{ latency: null, ok: 0 }]).operations[0]!.serviceTimeMs.p50).toEqual({
    kind: "withheld",
    reason: "no operation ended ok",
  });
});

test("late answers are throughput and no goodput; failures are neither, and are counted by code", () => {
  const measured = measureOne({
    okPerSecond: 1000,
    latencyUs: (random) => (random() < 0.5 ? 1000 : 50_000),
    failed: { CLIENT_TIMEOUT: 3, "57P01": 1 },
  });
  expect(valueOf(measured.throughputPerSecond)).toBe(1000);
  expect(valueOf(measured.goodputPerSecond)).toBeGreaterThan(400);
  expect(valueOf(measured.goodputPerSecond)).toBeLessThan(600);
  expect(measured.operations[0]?.failed).toEqual({ CLIENT_TIMEOUT: 15, "57P01": 5 });
  expect(measured.operations[0]?.outcomes).toEqual({ ok: 5000, failed: 20, unknown: 0 });
});

test("percentiles are over all that was due: 600/s at 1 ms beside 400/s that fail at once are no p99 of 1 ms", () => {
  const [all] = measureOne({ okPerSecond: 600, latencyUs: () => 1000, failed: { "42P01": 400 } }).operations;
  expect(all?.latencyMs).toMatchObject({ n: 5000, p99: { kind: "at-least", value: 1000 } });
  expect(valueOf(all!.latencyMs.p50)).toBeLessThan(1.2);
  expect(all?.serviceTimeMs).toMatchObject({
    n: 3000,
    p99: { reason: "40.0 % of the operations did not end ok: a p99 of the others would flatter" },
  });
});

test.each(["pgbench", "k6"] as const)("what %s reports as failed ranks last too", (engine) => {
  const [all] = measureOne({ okPerSecond: 600, failed: { "40001": 400 } }, { engine }).operations;
  expect(all?.latencyMs.p99).toEqual({ kind: "at-least", value: 1000 });
  expect(all?.withoutLatenessMs.p99).toEqual({ kind: "at-least", value: 1000 });
});

test("what was never sent is the client's own only where it came later than the time-out", () => {
  const of = (latenessMaxUs: number) =>
    measureSeconds([{ ok: 0, failed: { NEVER_SENT: 7 }, neverSent: 7 }], { latenessMaxUs }).operations[0];
  expect([of(999_999)?.cutShort, of(1_000_000)?.cutShort]).toEqual([0, 7]);
});

test("where the sender told what it cut short itself, that counts, however late it was", () => {
  const told = { ok: 0, failed: { NEVER_SENT: 7, CLIENT_TIMEOUT: 3 }, neverSent: 7, stalled: 0 };
  const seconds = measureSeconds(
    Array.from({ length: 10 }, (_, index) => (index === 0 ? { ...told, cutShort: 4 } : { cutShort: 0 })),
    { latenessMaxUs: 2_000_000 },
  );
  expect(seconds.operations[0]?.cutShort).toBe(4);
});

describe("a client that stood still", () => {
  const closed = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
  /** Agent 1 alone stood still, for its last 2 of 5 s, with all that it would have done. */
  const half: FakeStage = {
    shape: closed,
    okPerSecond: 1000,
    second: (second) => {
      const stood = second.client.agent === 1 && second.phase === "steady" && second.fromUs > 13_500_000;
      return {
        ...second,
        client: { ...second.client, stoodStillUs: stood ? 1_000_000 : 0 },
        operations: second.operations.map((each) => ({
          ...each,
          ...(stood ? { ok: 0, inTime: 0, latency: null, serviceTime: null, lag: null } : {}),
          stalled: 0,
          cutShort: 0,
        })),
      };
    },
  };

  test("leaves its closed load's rate between what was seen and what each agent did while it acted", () => {
    const { throughputPerSecond, withoutStallsPerSecond, steadySeconds } = measureOne(half);
    expect(steadySeconds).toBe(5);
    expect(throughputPerSecond).toEqual(value(800));
    expect(withoutStallsPerSecond.throughput).toEqual({ kind: "between", low: 800, high: 1000 });
  });

  test("says for how long, and an engine that does not tell is not said to have stood still", () => {
    expect(measureOne(half).client).toMatchObject({
      stoodStillSeconds: value(2),
      stoodStill: "stood still for 2 s of the steady phase",
    });
    const none = measureOne({ shape: closed });
    expect(none.client).toMatchObject({
      stoodStillSeconds: { kind: "withheld", reason: "the engine does not tell" },
      stoodStill: null,
    });
    expect(none.withoutStallsPerSecond.throughput).toEqual(none.throughputPerSecond);
  });

  test("is full where it was while it acted", () => {
    const { client } = measureOne({
      shape: closed,
      cpuCores: 0.6,
      second: (second) => ({ ...second, client: { ...second.client, stoodStillUs: 400_000 } }),
    });
    expect(client.clientBound).toBe(
      "an agent used 1 of a core while it did not stand still (from 0.9 on it is full)",
    );
    expect(client.busiestSenderCores).toEqual(value(0.6));
  });

  test("all the time is no upper bound on anything", () => {
    const { withoutStallsPerSecond } = measureOne({
      shape: closed,
      okPerSecond: 0,
      second: (second) => ({ ...second, client: { ...second.client, stoodStillUs: 1_000_000 } }),
    });
    expect(withoutStallsPerSecond.throughput).toEqual({ kind: "at-least", value: 0 });
  });

  test("read these answers late, and may have had as many more of them in time", () => {
    const { withoutStallsPerSecond } = measureOne({
      shape: closed,
      okPerSecond: 1000,
      second: (second) => ({
        ...second,
        operations: second.operations.map((each) => ({
          ...each,
          ok: 500,
          inTime: 460,
          stalled: 30,
          cutShort: 2,
        })),
      }),
    });
    expect(withoutStallsPerSecond).toEqual({
      throughput: { kind: "between", low: 1000, high: 1004 },
      goodput: { kind: "between", low: 920, high: 984 },
    });
  });
});

describe("what was offered", () => {
  test.each([
    ["ramp", { kind: "ramp", fromPerSecond: 100, toPerSecond: 300 }, 200],
    ["steps", { kind: "steps", perSecond: [100, 200, 600] }, 300],
  ] as const)("of a %s is its mean", (_, rate, mean) => {
    const shape = { kind: "open", arrival: "constant", rate } as const;
    expect(measureOne({ shape, okPerSecond: 50 }).offeredPerSecond).toEqual(value(mean));
  });

  test("of a closed shape is what was sent", () => {
    const shape = { kind: "closed", clients: 16, thinkTimeMs: 0 } as const;
    const measured = measureOne({ shape, okPerSecond: 700, failed: { "40001": 2 } });
    expect(measured.offeredPerSecond).toEqual(value(702));
  });
});

describe("the client", () => {
  test("that has room is not bound, and would be fine up to 0.7 of a core for each agent", () => {
    const { client } = measureOne({ shape: fakeOpenShape(3000), cpuCores: 0.35 });
    expect(client.clientBound).toBeNull();
    expect(client.fineUpToPerSecond).toEqual(value(6000));
    expect(valueOf(client.cpuCores)).toBeCloseTo(0.7);
    expect(valueOf(client.busiestAgentCores)).toBe(0.35);
    expect(valueOf(client.cpuPerOperationUs)).toBeCloseTo((0.7 * 1e6) / 3000);
  });

  test("that takes nine tenths of a core is bound", () => {
    const { client } = measureOne({ shape: fakeOpenShape(10_000), cpuCores: 0.95 });
    expect(client.clientBound).toBe("an agent used 0.95 of a core (from 0.9 on it is full)");
    expect(client.fineUpToPerSecond).toEqual(value(7368));
  });

  test("that is late is not its own limit, and its lateness is told", () => {
    const late = measureSeconds(
      [{ ok: 1000, late: 200, latency: encode(Array.from({ length: 1000 }, () => 2000)) }],
      { latenessP99Us: 4000, latenessMaxUs: 9000 },
    );
    expect(late.client.clientBound).toBeNull();
    expect(late.client.clientLate).toBe(
      "it looked at its schedule up to 4 ms late (p99; more than 1 ms is too late)",
    );
  });

  test("that was late for one operation in a thousand is not", () => {
    const rarely = measureSeconds([{ ok: 1000, late: 1 }], { latenessP99Us: 4000, latenessMaxUs: 9000 });
    expect(rarely.client.latenessP99Ms).toEqual(value(1));
    expect(rarely.client.clientLate).toBeNull();
  });

  test("of a closed load is late where its clients think, and not where they send at once", () => {
    const lateFor = (thinkTimeMs: number) =>
      measureOne({
        shape: { kind: "closed", clients: 4, thinkTimeMs },
        latenessP99Us: 4000,
        second: (second) => ({
          ...second,
          operations: second.operations.map((each) => ({ ...each, late: 100 })),
        }),
      }).client.clientLate;
    expect(lateFor(100)).toMatch(/^it looked at its schedule up to 4 ms late/);
    expect(lateFor(0)).toBeNull();
  });

  test("is judged by the thread that sends, and by all threads only where nothing tells that one", () => {
    const of = (senderCores: number | undefined) =>
      measureOne({
        cpuCores: 1.3,
        second: (second) => ({
          ...second,
          client: { ...second.client, ...(senderCores === undefined ? {} : { senderCores }) },
        }),
      }).client;
    expect(of(0.8)).toMatchObject({ clientBound: null, busiestSenderCores: value(0.8) });
    expect(of(0.8).fineUpToPerSecond).toEqual(value(875));
    expect(of(0.93).clientBound).toBe("a sending thread used 0.93 of a core (from 0.9 on it is full)");
    expect(of(undefined).clientBound).toBe("an agent used 1.30 of a core (from 0.9 on it is full)");
  });

  test("is named as full exactly where it was its own limit", () => {
    const full = (cpuCores: number) => measureOne({ cpuCores });
    expect(full(0.89)).toMatchObject({ client: { clientBound: null }, bottlenecks: [] });
    expect(full(0.9).client.clientBound).not.toBeNull();
    expect(full(0.9).bottlenecks).toMatchObject([
      { resource: "CPU of the client (agent)", utilisation: 0.9 },
    ]);
  });
});

test("connections that were served stand beside those that want to be", () => {
  const shape = { kind: "closed", clients: 1000, thinkTimeMs: 0 } as const;
  const measured = measureOne({ shape, served: 300 }, { sessions: "own" });
  expect([measured.connectionsServed, measured.connectionsWanted]).toEqual([value(300), 1000]);
  expect(measureOne({}, { connections: 16 }).connectionsWanted).toBe(16);
});

test("connections that were served are not counted where each operation has its own, or nothing was recorded", () => {
  expect(measureOne({}, { sessions: "each-operation" }).connectionsServed).toEqual({
    kind: "withheld",
    reason: "each operation has a connection of its own",
  });
  const phases = { warmupSeconds: 1, steadySeconds: 0, coolDownSeconds: 1 };
  expect(measureOne({ phases }).connectionsServed).toEqual({
    kind: "withheld",
    reason: "no second of the steady phase was recorded",
  });
});

test("a closed load wants a connection for each client, but of a pool no more than it has", () => {
  const shape = { kind: "closed", clients: 1000, thinkTimeMs: 0 } as const;
  const wanted = (sessions: ClientSettings["sessions"]) =>
    measureOne({ shape, okPerSecond: 10 }, { sessions, connections: 16 }).connectionsWanted;
  expect([wanted("own"), wanted("each-operation"), wanted("pool")]).toEqual([1000, 1000, 16]);
  expect(measureOne({}, { sessions: "own", connections: 16 }).connectionsWanted).toBe(16);
});

test("resources count in the steady phase alone; none is null, not empty", () => {
  const recording = fakeBenchmarkRecording({ stages: [{ name: "one" }] });
  const settings = recording.plan.benchmark!.client;
  const busy = recording.resources.map((reading) =>
    reading.kind === "machine" ? { ...reading, busyCores: reading.atUs < 11_000_000 ? 2 : 0.5 } : reading,
  );
  expect(measureStage(recording.stages[0]!, settings, busy).bottlenecks).toEqual([]);
  expect(measureStage(recording.stages[0]!, settings, []).bottlenecks).toBeNull();
});

describe("a stage is not to be judged by", () => {
  const atUs = 20_000_000;

  test("when the recording stops within it", () => {
    expect(measureOne({ end: null }).problem).toBe("the recording stops within the stage");
  });

  test("when it failed", () => {
    const end = { kind: "failed", code: "agent-failed", reason: "the agent died.", atUs } as const;
    expect(measureOne({ end }).problem).toBe("it failed (agent-failed): the agent died");
  });

  test("and only the full stop at the end of the reason is left out", () => {
    const end = { kind: "failed", code: "agent-failed", reason: "no answer in 1.5 s.", atUs } as const;
    expect(measureOne({ end }).problem).toBe("it failed (agent-failed): no answer in 1.5 s");
  });

  test("when it has no steady second, and its figures say so", () => {
    const { stages, plan } = fakeBenchmarkRecording({ stages: [{}] });
    const cut: RecordedStage = { ...stages[0]!, seconds: stages[0]!.seconds.slice(0, 2) };
    const measured = measureStage(cut, plan.benchmark!.client, []);
    expect(measured.problem).toBe("no second of its steady phase was recorded");
    expect(measured.throughputPerSecond.kind).toBe("withheld");
  });

  test("when much of its steady phase is missing, or an agent", () => {
    const { stages, plan } = fakeBenchmarkRecording({ stages: [{}] });
    const [stage] = stages;
    const short: RecordedStage = { ...stage!, seconds: stage!.seconds.slice(0, 8) };
    expect(measureStage(short, plan.benchmark!.client, []).problem).toBe(
      "only 3 s of 5 s of its steady phase were recorded",
    );
    const alone = { ...stage!, seconds: stage!.seconds.filter(({ client }) => client.agent === 1) };
    expect(measureStage(alone, plan.benchmark!.client, []).problem).toBe("only 1 of 2 agents reported");
    const last = stage!.seconds.findLast(({ phase, client }) => phase === "steady" && client.agent === 2);
    const died = { ...stage!, seconds: stage!.seconds.filter((second) => second !== last) };
    expect(measureStage(died, plan.benchmark!.client, []).problem).toBe(
      "only 1 of 2 agents reported its whole steady phase",
    );
  });
});

test("nine tenths of a steady phase are enough to judge by, of the stage and of each agent", () => {
  const phases = { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 1 };
  const { stages, plan } = fakeBenchmarkRecording({ stages: [{ phases, okPerSecond: 10 }] });
  const [stage] = stages;
  const without = (missing: readonly number[], ofAgent: (agent: number) => boolean) => {
    const steady = stage!.seconds.filter(({ phase }) => phase === "steady");
    const cut = steady.filter(
      (second, index) => ofAgent(second.client.agent) && missing.includes(index >> 1),
    );
    const seconds = stage!.seconds.filter((second) => !cut.includes(second));
    return measureStage({ ...stage!, seconds }, plan.benchmark!.client, []).problem;
  };
  expect(without([9], () => true)).toBeNull();
  expect(without([9], (agent) => agent === 2)).toBeNull();
  expect(without([8, 9], () => true)).toBe("only 8 s of 10 s of its steady phase were recorded");
  expect(without([8, 9], (agent) => agent === 2)).toBe("only 1 of 2 agents reported its whole steady phase");
});

function measureOne(stage: FakeStage, client: Partial<ClientSettings> = {}): StageMeasurement {
  const options: FakeBenchmarkOptions = { stages: [stage], client };
  return measureFirst(fakeBenchmarkRecording(options));
}

type OperationSecond = RecordedStage["seconds"][number]["operations"][number];
type ClientSecond = RecordedStage["seconds"][number]["client"];

/** The steady seconds of one stage, replaced; further ones are empty. */
function measureSeconds(
  operations: readonly Partial<OperationSecond>[],
  client: Partial<ClientSecond> = {},
): StageMeasurement {
  const recording = fakeBenchmarkRecording({ stages: [{ okPerSecond: 0 }] });
  const [stage] = recording.stages;
  let next = 0;
  const seconds = stage!.seconds.map((second) => {
    const own = second.phase === "steady" ? operations[next++] : undefined;
    return {
      ...second,
      operations: second.operations.map((operation) => ({ ...operation, ...own })),
      client: { ...second.client, ...client },
    };
  });
  return measureFirst({ ...recording, stages: [{ ...stage!, seconds }] });
}

function measureFirst({ stages, plan, resources }: Recording): StageMeasurement {
  return measureStage(stages[0]!, plan.benchmark!.client, resources);
}

function encode(values: readonly number[]): string {
  const histogram = build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const each of values) histogram.recordValue(each);
  return encodeIntoCompressedBase64(histogram);
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}

function valueOf(figure: Figure): number {
  return figure.kind === "value" ? figure.value : NaN;
}
