import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { StageSecond } from "../model/stage.ts";
import { latenessP99Ms } from "./lateness.ts";
import { measureOperations } from "./measure-operations.ts";

test("nothing is said of no second", () => {
  expect(p99([])).toEqual({ kind: "withheld", reason: "no second was recorded" });
});

test("the bound is the least lateness that 99 % of the operations cannot have exceeded, whichever second came first", () => {
  const calm = second({ p50: 20, p99: 2000, max: 3000 });
  const busy = second({ p50: 1500, p99: 5000, max: 9000 });
  // Of 200 shares the one that is wanted is the 198th: 150 are at most 3 ms late, and the next 49 are 5 ms late.
  expect(p99([calm, busy])).toEqual({ kind: "value", value: 5 });
  expect(p99([busy, calm])).toEqual({ kind: "value", value: 5 });
  const many = Array.from({ length: 97 }, () => calm);
  expect(p99([busy, ...many])).toEqual({ kind: "value", value: 3 });
});

test("it is no more than 1 ms where at most one operation in a hundred was counted as late", () => {
  const late = (count: number) => p99([second({ p50: 20, p99: 4000, max: 9000, late: count })]);
  expect(late(10)).toEqual({ kind: "value", value: 1 });
  expect(late(11)).toEqual({ kind: "value", value: 4 });
});

test("and it is less where the client was never as late as that", () => {
  expect(p99([second({ p50: 20, p99: 80, max: 400, late: 0 })])).toEqual({ kind: "value", value: 0.08 });
});

function p99(seconds: readonly StageSecond[]) {
  const [all] = measureOperations(seconds, { engine: "native", timeoutMs: 1000 });
  return latenessP99Ms(seconds, all!);
}

/** 1,000 operations that ended ok, of which 500 were counted as late unless said otherwise. Microseconds. */
function second({
  p50,
  p99,
  max,
  late = 500,
}: {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly late?: number;
}): StageSecond {
  const [stage] = fakeBenchmarkRecording({ stages: [{}], client: { agents: 1 } }).stages;
  const { client, operations, ...rest } = stage!.seconds[0]!;
  return {
    ...rest,
    operations: operations.map((each) => ({ ...each, late })),
    client: { ...client, latenessP50Us: p50, latenessP99Us: p99, latenessMaxUs: max },
  };
}
