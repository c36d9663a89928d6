import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { measure } from "../measure/measure.ts";
import type { ClientMeasurement, Figure, NamedFigure, StageMeasurement } from "../model/measurement.ts";
import { setAside } from "./set-aside.ts";

const below10 = { below: 10 } as const;

test("a latency within its bound stands, however late the client was: its lateness is part of it", () => {
  expect(judged(9, { clientLate: "it was late", latenessP99Ms: ms(6) })).toEqual(ms(9));
});

test("a latency beyond its bound is not decided where the client's own lateness may be why", () => {
  expect(judged(12, { clientLate: "it was late", latenessP99Ms: ms(6) })).toEqual({
    kind: "withheld",
    reason: "client-bound: it was late, which is part of its 12 ms",
  });
});

test("a latency that is beyond its bound without the client's lateness too stands", () => {
  expect(judged(20, { clientLate: "it was late", latenessP99Ms: ms(6) })).toEqual(ms(20));
});

test("neither stands where the client was its own limit", () => {
  const client = { clientBound: "an agent used 0.95 of a core" };
  for (const latency of [9, 20]) expect(judged(latency, client).kind).toBe("withheld");
});

function judged(latencyMs: number, client: Partial<ClientMeasurement>): Figure {
  const [first] = measure(fakeBenchmarkRecording(), { byInjection: [], whole: [], twoPrimaries: [] }).stages;
  const stage: StageMeasurement = {
    ...first!,
    problem: null,
    client: { ...first!.client, clientBound: null, clientLate: null, ...client },
  };
  const figure: NamedFigure = {
    metric: "latency-p99",
    of: stage.title,
    fault: null,
    figure: ms(latencyMs),
    n: 5000,
  };
  return setAside([figure], [stage], below10)[0]!.figure;
}

function ms(value: number): Figure {
  return { kind: "value", value };
}
