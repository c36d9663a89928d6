import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { RecordedStage } from "../model/stage.ts";
import { corruption } from "./corruption.ts";

const recording = fakeBenchmarkRecording();

function refusing(codes: Readonly<Record<string, number>>): RecordedStage {
  const [stage] = recording.stages;
  const [first, ...others] = stage!.seconds;
  const operations = first!.operations.map((operation) => ({ ...operation, failed: codes }));
  return { ...stage!, seconds: [{ ...first!, operations }, ...others] };
}

test("what servers refused as corrupted is counted by stage, and named by its code", () => {
  const stages = [refusing({ XX001: 7, XX002: 1, "57P01": 3 })];
  expect(corruption.check({ ...recording, stages })).toEqual({
    findings: [
      {
        of: "saturation",
        figure: { kind: "value", value: 8 },
        n: 8,
        evidence: "7 operations ended with XX001, 1 operation ended with XX002",
      },
    ],
  });
});

test("and by stream of probes", () => {
  const probed = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] });
  const [sample] = probed.samples.get("read-probe")!;
  const samples = new Map([["read-probe", [{ ...sample!, outcome: "failed", code: "XX001" }]]]) as never;
  expect(corruption.check({ ...probed, samples })).toMatchObject({
    findings: [{ of: "read-probe", figure: { kind: "value", value: 1 } }],
  });
});

test("other refusals are not of its kind, and no server need say anything", () => {
  const { notApplicable } = corruption.check({
    ...recording,
    stages: [refusing({ "57P01": 3, XX000: 2 })],
  }) as {
    readonly notApplicable: string;
  };
  expect(notApplicable).toContain("no server said");
});
