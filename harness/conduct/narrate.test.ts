import { expect, test } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { narrateStage } from "./narrate.ts";

test("each second is told with the p99 of all steady seconds so far", () => {
  let quick = 0;
  const { stages } = fakeBenchmarkRecording({
    client: { agents: 1 },
    stages: [
      {
        okPerSecond: 1000,
        phases: { warmupSeconds: 1, steadySeconds: 3, coolDownSeconds: 0 },
        // Of the last second's operations all are slow.
        latencyUs: () => ((quick += 1) <= 3000 ? 1000 : 50_000),
      },
    ],
  });
  const [stage] = stages;
  const told: string[] = [];
  const progress = {
    step: () => undefined,
    note: () => undefined,
    detail: (text: string) => void told.push(text),
  };
  const narrate = narrateStage(stage!.stage, progress);
  for (const second of stage!.seconds) narrate(second);
  expect(told.map((text) => /p99 (.*?) ms so far/.exec(text)?.[1])).toEqual([
    undefined,
    "1.08",
    "1.08",
    "50.1",
  ]);
});
