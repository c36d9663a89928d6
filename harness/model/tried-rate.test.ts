import { describe, expect, test } from "vitest";
import { measureStage } from "../measure/measure-stage.ts";
import { fakeBenchmarkRecording, fakeOpenShape, type FakeStage } from "./benchmark-recording.fake.ts";
import { type TriedRate, triedRates } from "./tried-rate.ts";

const keptUp: Try = { name: "kept up" };
/** Half of the second of five seconds was answered late: 10 % of all. */
const stalled: Try = { name: "stalled", lateInSecond: [0, 0.5, 0, 0, 0] };
/** 2 % are late all the time. */
const refused: Try = { name: "refused", lateInSecond: [0.02, 0.02, 0.02, 0.02, 0.02] };
const overrun: Try = { name: "overrun", lateInSecond: [0.5, 0.9, 1, 1, 1] };
const clientFull: Try = { ...refused, name: "client full", cpuCores: 0.97 };
const clientLate: Try = { ...refused, name: "client late", withoutLatenessMs: 4 };

interface Try extends Pick<FakeStage, "cpuCores" | "end"> {
  readonly name: string;
  /** Share of each steady second's operations that were answered after the latency limit. */
  readonly lateInSecond?: readonly number[];
  /** p99 since the client noticed that operations were due. */
  readonly withoutLatenessMs?: number;
}

test("one try that keeps a rate up is enough", () => {
  expect(outcomeOf([keptUp])).toBe("kept-up");
});

describe("a refusal that one stall explains", () => {
  test("leaves the rate to be tried again, and does not count beside a try that kept it up", () => {
    expect(outcomeOf([stalled])).toBe("undecided");
    expect(outcomeOf([stalled, stalled, stalled, stalled])).toBe("undecided");
    expect(outcomeOf([stalled, stalled, stalled, keptUp])).toBe("kept-up");
  });

  test("refuses the rate when five tries ended so", () => {
    expect(outcomeOf([stalled, stalled, stalled, stalled, stalled])).toBe("refused");
  });

  test("may be one in the last of the seconds, with the queue that it left in the next", () => {
    expect(outcomeOf([{ name: "late", lateInSecond: [0, 0, 0, 0, 0.5] }])).toBe("undecided");
    const twice = { name: "edge", lateInSecond: [0, 0.5, 0.5, 0, 0] };
    expect(outcomeOf([twice, twice, twice])).toBe("undecided");
  });

  test("is none that lies in three of five seconds, or in seconds apart", () => {
    const long = { name: "long", lateInSecond: [0, 0.5, 0.5, 0.5, 0] };
    const apart = { name: "apart", lateInSecond: [0.5, 0, 0, 0, 0.5] };
    for (const each of [long, apart]) expect(outcomeOf([each, each])).toBe("refused");
  });
});

describe("a refusal that no single stall explains", () => {
  test("needs a second one", () => {
    expect(outcomeOf([refused])).toBe("undecided");
    expect(outcomeOf([refused, refused])).toBe("refused");
    expect(outcomeOf([refused, stalled, refused])).toBe("refused");
  });

  test("against a try that kept the rate up is settled by the best of three", () => {
    expect(outcomeOf([refused, keptUp])).toBe("undecided");
    expect(outcomeOf([refused, keptUp, keptUp])).toBe("kept-up");
    expect(outcomeOf([refused, keptUp, refused])).toBe("refused");
  });

  test("settles a rate beyond saturation at once where it was far from kept up", () => {
    expect(outcomeOf([overrun], { saturationPerSecond: 900 })).toBe("refused");
    expect(outcomeOf([overrun], { saturationPerSecond: 1100 })).toBe("undecided");
    expect(outcomeOf([overrun], { saturationPerSecond: null })).toBe("undecided");
    expect(outcomeOf([refused], { saturationPerSecond: 900 })).toBe("undecided");
  });
});

test("a client that was full, or a stage that was not measured, says nothing of the cluster, and no more tries would", () => {
  const end = { kind: "failed", code: "53300", reason: "too many clients", atUs: 1 } as const;
  expect(outcomeOf([clientFull])).toBe("no-answer");
  expect(outcomeOf([{ ...refused, name: "failed", end }])).toBe("no-answer");
  expect(outcomeOf([{ ...stalled, name: "stalled, failed", end }])).toBe("no-answer");
});

test("a client that was late may not be so the next time, and when it is each time nothing is known", () => {
  expect(outcomeOf([clientLate])).toBe("undecided");
  expect(outcomeOf([clientLate, keptUp])).toBe("kept-up");
  expect(outcomeOf([clientLate, clientLate, clientLate, stalled, stalled])).toBe("no-answer");
  expect(outcomeOf([clientLate, clientLate, stalled, stalled, stalled])).toBe("refused");
});

function outcomeOf(
  tries: readonly Try[],
  { saturationPerSecond = 1500 }: { readonly saturationPerSecond?: number | null } = {},
): TriedRate["outcome"] {
  const recording = fakeBenchmarkRecording({
    client: { agents: 1 },
    stages: tries.map(({ lateInSecond = [], ...stage }) => {
      let operation = 0;
      return {
        ...stage,
        shape: fakeOpenShape(1000),
        purpose: "search" as const,
        phases: { warmupSeconds: 0, steadySeconds: 5, coolDownSeconds: 0 },
        latencyUs: () => {
          const second = Math.floor(operation / 1000);
          const late = operation++ % 1000 < 1000 * (lateInSecond[second] ?? 0);
          return late ? 60_000 : 1000;
        },
      };
    }),
  });
  const client = recording.plan.benchmark?.client;
  if (client === undefined) throw new Error("A fake benchmark has a client");
  const stages = recording.stages.map((stage, index) => {
    const measured = measureStage(stage, client, []);
    const [all, ...others] = measured.operations;
    const ms = tries[index]?.withoutLatenessMs;
    if (ms === undefined || all === undefined) return measured;
    const withoutLatenessMs = { ...all.withoutLatenessMs, p99: { kind: "value", value: ms } as const };
    return { ...measured, operations: [{ ...all, withoutLatenessMs }, ...others] };
  });
  const [rate, ...others] = triedRates(stages, client.latencyLimitMs, saturationPerSecond);
  expect(others).toEqual([]);
  return rate!.outcome;
}
