import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import type { StageSecond } from "../../../model/stage.ts";
import type { SampleRow } from "../../protocol/sample-row.ts";
import {
  OutsideStageRecorder,
  type AgentUsage,
  type OutsideStageRecorderOptions,
  type ToldOperation,
} from "./outside-stage-recorder.ts";

const SECOND = 1_000_000;

const well: ToldOperation = {
  operation: "read",
  agent: 1,
  client: 0,
  intendedUs: 100,
  startUs: 150,
  endUs: 400,
  outcome: "ok",
  code: null,
  retried: [],
  latenessUs: 20,
};

describe("OutsideStageRecorder", () => {
  it("counts what ended in each second, with latency, service time and lag apart", () => {
    const { recorder, seconds } = open();
    recorder.add(well);
    recorder.add({ ...well, latenessUs: 2000, retried: ["40001"] });
    recorder.add({ ...well, outcome: "unknown", code: "CLIENT_TIMEOUT", retried: ["40001", "40P01"] });
    recorder.add({ ...well, outcome: null, code: "NEVER_SENT", latenessUs: null });
    recorder.tell(1, 1.5 * SECOND, null, usage);
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toMatchObject({
      stage: 3,
      phase: "warmup",
      fromUs: 0,
      toUs: SECOND,
      client: { agent: 1, latenessP50Us: 20, latenessMaxUs: 2000, served: 0, cpuCores: 0.5 },
      operations: [
        {
          operation: "read",
          ok: 2,
          inTime: 2,
          failed: { NEVER_SENT: 1 },
          unknown: { CLIENT_TIMEOUT: 1 },
          retried: { "40001": 2, "40P01": 1 },
          neverSent: 1,
          late: 1,
        },
      ],
    });
    const [counted] = seconds[0]!.operations;
    expect([counted!.latency, counted!.serviceTime, counted!.lag].map(maximum)).toEqual([300, 250, 50]);
  });

  it("tells no lag of a program that has no schedule", () => {
    const { recorder, seconds } = open({ knowsLag: false });
    recorder.add(well);
    recorder.tell(1, 1.5 * SECOND, null, usage);
    expect(seconds[0]!.operations[0]).toMatchObject({ lag: null, ok: 1 });
  });

  it("waits with a phase's last second for operations that were due in it", () => {
    const { recorder, seconds } = open();
    recorder.tell(1, 1.4 * SECOND, null, usage);
    expect(seconds).toEqual([]);
    recorder.add({ ...well, intendedUs: 0.9 * SECOND, endUs: 1.4 * SECOND });
    recorder.tell(1, 1.5 * SECOND, null, usage);
    expect(seconds).toMatchObject([{ phase: "warmup", operations: [{ ok: 1 }] }]);
  });

  it("tells seconds in which nothing happened, and who was served since the steady phase began", () => {
    const { recorder, seconds } = open();
    recorder.add({ ...well, client: 1 });
    recorder.add({ ...well, client: 2, intendedUs: 1.1 * SECOND, endUs: 1.2 * SECOND });
    recorder.tell(1, 3 * SECOND, null, usage);
    expect(seconds.map(({ phase, client, operations }) => [phase, client.served, sumOf(operations)])).toEqual(
      [
        ["warmup", 1, 1],
        ["steady", 1, 1],
        ["steady", 1, 0],
      ],
    );
  });

  it("counts what ended after the stage in its last second, and cuts that where the program ended early", () => {
    const late = open();
    late.recorder.add({ ...well, intendedUs: 3.9 * SECOND, endUs: 5 * SECOND });
    late.recorder.tell(1, 0, 5 * SECOND, usage);
    expect(late.seconds.map(({ toUs, operations }) => [toUs / SECOND, operations[0]?.ok])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [4, 1],
    ]);

    const early = open();
    early.recorder.tell(1, 0, 1.5 * SECOND, usage);
    expect(early.seconds.map(({ toUs }) => toUs / SECOND)).toEqual([1, 1.5]);
  });

  it("keeps agents apart", () => {
    const { recorder, seconds } = open({ agents: 2 });
    recorder.add({ ...well, agent: 2 });
    recorder.tell(1, 1.5 * SECOND, null, usage);
    recorder.tell(2, 1.5 * SECOND, null, usage);
    expect(seconds.map(({ client, operations }) => [client.agent, sumOf(operations)])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it("keeps a share of what ended ok for each second, and few failures all, numbered from the stage's first id", () => {
    const { recorder, samples } = open();
    for (let count = 0; count < 100; count += 1) recorder.add(count % 10 === 0 ? failed : well);
    recorder.tell(1, 1.5 * SECOND, null, usage);
    expect(samples.filter(([, , , , outcome]) => outcome === "ok")).toHaveLength(3);
    const ids = samples.filter(([, , , , outcome]) => outcome === "failed").map(([id]) => id);
    expect(ids).toEqual([70, 80, 90, 100, 110, 120, 130, 140, 150, 160]);
  });

  it("counts every failure of a second in which everything fails, and keeps a bounded choice of them", () => {
    const { recorder, seconds, samples } = open();
    for (let count = 0; count < 15_000; count += 1) recorder.add(failed);
    recorder.tell(1, 1.5 * SECOND, null, usage);
    expect(seconds[0]!.operations[0]).toMatchObject({ failed: { "40001": 15_000 } });
    expect(samples).toHaveLength(2500);
  });
});

const failed: ToldOperation = { ...well, outcome: "failed", code: "40001" };

const usage = (): AgentUsage => ({ cpuCores: 0.5, memoryMb: 10, connectionsOpen: 1 });

function open(options: Partial<OutsideStageRecorderOptions> = {}): {
  readonly recorder: OutsideStageRecorder;
  readonly seconds: readonly StageSecond[];
  readonly samples: readonly SampleRow[];
} {
  const seconds: StageSecond[] = [];
  const samples: SampleRow[] = [];
  const recorder = new OutsideStageRecorder({
    stage: 3,
    seed: 1,
    firstId: 70,
    startedUs: 0,
    phases: { warmupSeconds: 1, steadySeconds: 3, coolDownSeconds: 0 },
    agents: 1,
    latencyLimitMs: 1,
    timeoutMs: 500,
    samplesKept: 12,
    knowsLag: true,
    knowsLateness: true,
    sink: { second: (second) => seconds.push(second), samples: (_operation, rows) => samples.push(...rows) },
    ...options,
  });
  return { recorder, seconds, samples };
}

function sumOf(operations: StageSecond["operations"]): number {
  return operations.reduce((sum, { ok }) => sum + ok, 0);
}

function maximum(encoded: string | null): number | null {
  return encoded === null ? null : decodeFromCompressedBase64(encoded).maxValue;
}
