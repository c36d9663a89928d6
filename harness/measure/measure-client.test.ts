import { describe, expect, test } from "vitest";
import {
  fakeBenchmarkPlan,
  fakeBenchmarkRecording,
  fakeHistogram,
  fakeOpenShape,
} from "../model/benchmark-recording.fake.ts";
import type { ClientMeasurement, Figure } from "../model/measurement.ts";
import type { ClientSecond, OperationSecond, StageSecond } from "../model/stage.ts";
import { measureClient } from "./measure-client.ts";
import { measureOperations, sentOf } from "./measure-operations.ts";

describe("several agents", () => {
  const agents = [
    second({ agent: 1, cpuCores: 0.3, senderCores: 0.2, memoryMb: 80 }),
    second({ agent: 2, cpuCores: 0.8, senderCores: 0.7, memoryMb: 100 }),
    second({ agent: 3, cpuCores: 0.5, senderCores: 0.4, memoryMb: 90 }),
  ];

  test("add up in CPU and memory, and the busiest of them counts wherever it stands", () => {
    for (const seconds of [agents, agents.toReversed()]) {
      const { cpuCores, busiestAgentCores, busiestSenderCores, memoryMb } = measure(seconds);
      expect(valueOf(cpuCores)).toBeCloseTo(1.6);
      expect([busiestAgentCores, busiestSenderCores, memoryMb]).toEqual([value(0.8), value(0.7), value(270)]);
    }
  });
});

test("one agent has the mean of its own seconds, by their length, and the most memory of any", () => {
  const measured = measure([
    second({ cpuCores: 0.2, memoryMb: 80 }),
    second({ cpuCores: 0.8, memoryMb: 120 }, { toUs: 500_000 }),
    second({ cpuCores: 0.2, memoryMb: 60 }, { toUs: 500_000 }),
  ]);
  expect(valueOf(measured.cpuCores)).toBeCloseTo((0.2 + 0.4 + 0.1) / 2);
  expect(measured.memoryMb).toEqual(value(120));
});

test("a sending thread that was told in some seconds alone is judged by all of the agent", () => {
  const measured = measure([second({ cpuCores: 0.95, senderCores: 0.1 }), second({ cpuCores: 0.95 })]);
  expect(measured.busiestSenderCores).toEqual(value(0.95));
  expect(measured.clientBound).toMatch(/^an agent used 0.95 of a core/);
});

test("there is no CPU per operation where none was sent", () => {
  const none = second({}, {}, { ok: 0, latency: null, serviceTime: null });
  expect(measure([none]).cpuPerOperationUs).toEqual({ kind: "withheld", reason: "no operation was sent" });
});

describe("a client that was late", () => {
  const lateBy = (ms: number, changes: Partial<ClientSecond> = {}, latencyMs = 1) =>
    measure([
      second(
        { latenessP99Us: ms * 1000, latenessMaxUs: ms * 1000, ...changes },
        {},
        { late: 500, latency: fakeHistogram(Array.from({ length: 1000 }, () => latencyMs * 1000)) },
      ),
    ]).clientLate;

  test("is told from 1 ms on, or from a tenth of the median latency where that is more", () => {
    expect(lateBy(2)).toMatch(/^it looked at its schedule up to 2 ms late/);
    expect(lateBy(1)).toBeNull();
    expect(lateBy(2, {}, 30)).toBeNull();
    expect(lateBy(4, {}, 30)).toMatch(/more than 3(\.\d+)? ms is too late/);
  });

  test("is not told beside one that was full: that is why", () => {
    expect(lateBy(2, { cpuCores: 0.95 })).toBeNull();
  });
});

test("a client whose CPU was not measured is not said to be fine up to any rate", () => {
  expect(measure([second({ cpuCores: 0 })]).fineUpToPerSecond).toEqual({
    kind: "withheld",
    reason: "the client's CPU was not measured",
  });
});

function measure(seconds: readonly StageSecond[]): ClientMeasurement {
  const [all] = measureOperations(seconds, fakeBenchmarkPlan().benchmark.client);
  return measureClient({
    shape: fakeOpenShape(1000),
    seconds,
    all: all!,
    sentPerSecond: sentOf(all!) / seconds.length,
  });
}

/** Of agent 1, unless said otherwise: 1,000 operations that took 1 ms each. */
function second(
  client: Partial<ClientSecond> = {},
  length: { readonly toUs?: number } = {},
  operation: Partial<OperationSecond> = {},
): StageSecond {
  const [stage] = fakeBenchmarkRecording({
    stages: [{ okPerSecond: 1000, latencyUs: () => 1000 }],
    client: { agents: 1 },
  }).stages;
  const first = stage!.seconds[0]!;
  return {
    ...first,
    fromUs: 0,
    toUs: length.toUs ?? 1_000_000,
    operations: first.operations.map((each) => ({ ...each, ...operation })),
    client: { ...first.client, ...client },
  };
}

function value(number: number): Figure {
  return { kind: "value", value: number };
}

function valueOf(figure: Figure): number {
  return figure.kind === "value" ? figure.value : NaN;
}
