import { expect, test } from "vitest";
import { fakeRun } from "../run.fake.ts";
import { collectChartData } from "./collect-chart-data.ts";

test("a target is a line through all faults only where it is one of all of them", () => {
  const run = fakeRun();
  const [target] = run.recording.plan.targets.filter(({ metric }) => metric === "write-unavailability");
  const targets = [target!, { ...target!, id: "OF-ONE", of: "kill-node" }];
  const recording = { ...run.recording, plan: { ...run.recording.plan, targets } };
  const { distribution } = collectChartData({ ...run, recording });
  expect(distribution.targets.map(({ label }) => label.split(" ")[0])).toEqual([target!.id]);
});
