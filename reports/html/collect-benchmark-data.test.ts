import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "../benchmark-run.fake.ts";
import { steadySeconds } from "../../harness/stats/steady-phase.ts";
import { mergeSeconds } from "../merge-seconds.ts";
import { PERCENTILE_SHARES } from "./benchmark-data.ts";
import { collectBenchmarkData } from "./collect-benchmark-data.ts";

test("a distribution is drawn from the merged histograms of the steady phase, as far as ten operations lie above", () => {
  const run = fakeBenchmarkRun();
  const { percentiles } = collectBenchmarkData(run);
  const half = percentiles.find(({ title }) => title === "50 % of capacity")!;
  const stage = run.recording.stages.find((one) => one.stage.name === "50 % of capacity")!;
  const histogram = mergeSeconds(steadySeconds(stage), "latency");
  expect(half.n).toBe(histogram.totalCount);
  const p99 = PERCENTILE_SHARES.findIndex((share) => Math.abs(share - 0.99) < 1e-9);
  expect(half.latency[p99]).toBeCloseTo(histogram.getValueAtPercentile(99) / 1000, 3);
  const deepest = PERCENTILE_SHARES[half.latency.length - 1]!;
  expect(half.n * (1 - deepest)).toBeGreaterThanOrEqual(10);
  expect(half.n * (1 - PERCENTILE_SHARES[half.latency.length]!)).toBeLessThan(10);
});

test("closed stages stand at their throughput, and bounds on latency are the chart's targets", () => {
  const { load } = collectBenchmarkData(fakeBenchmarkRun());
  const [group] = load.groups;
  const saturation = group!.points.find(({ title }) => title === "saturation")!;
  expect(saturation).toMatchObject({ closed: true, offered: saturation.throughput });
  expect(group!.points).toHaveLength(9);
  expect(group!.capacity).toEqual({ low: 7200, high: 7840 });
  expect(load.targets).toEqual([{ label: "T3: p99 < 8 ms", ms: 8, percentile: "p99" }]);
});

test("lines of the time line are cut between stages, and every second of a stage is a point", () => {
  const { timeline } = collectBenchmarkData(fakeBenchmarkRun());
  expect(timeline.stages).toHaveLength(9);
  expect(timeline.at).toHaveLength(9 * (11 + 2));
  expect(timeline.ok.filter((value) => value === null)).toHaveLength(9 * 2);
  expect(timeline.stages[0]!.phases.map(({ phase }) => phase)).toEqual(["warmup", "steady", "cool-down"]);
  expect(timeline.upperName).toBe("p99");
  expect(timeline.checkpoints.length).toBeGreaterThan(0);
});

test("agents of the same second are added up", () => {
  const run = fakeBenchmarkRun();
  const stages = run.recording.stages.map((stage) => ({
    ...stage,
    seconds: stage.seconds.flatMap((second) => [
      second,
      { ...second, client: { ...second.client, agent: 2 } },
    ]),
  }));
  const one = collectBenchmarkData(run).timeline;
  const two = collectBenchmarkData({ ...run, recording: { ...run.recording, stages } }).timeline;
  expect(two.at).toEqual(one.at);
  expect(two.ok[1]).toBe(2 * one.ok[1]!);
});

test("a slow load is drawn with the percentile that its seconds allow", () => {
  const { timeline } = collectBenchmarkData(fakeBenchmarkRun({ capacities: { "": 200 } }));
  expect(timeline.upperName).toBe("p95");
});

test("backends are a mean per stage by what they waited for, most first", () => {
  const { waits } = collectBenchmarkData(fakeBenchmarkRun());
  expect(waits.events[0]!.name).toBe("CPU");
  expect(waits.events[0]!.backends).toHaveLength(waits.stages.length);
  expect(waits.events[0]!.backends[0]).toBe(4);
});

test("the busiest containers are drawn below the whole machine, and no more than can be told apart", () => {
  const run = fakeBenchmarkRun();
  const [first] = run.recording.resources.filter((one) => one.kind === "container");
  const many = Array.from({ length: 30 }, (_, index) => ({ ...first!, node: `worker-${index}` }));
  const { resources } = collectBenchmarkData({
    ...run,
    recording: { ...run.recording, resources: [...run.recording.resources, ...many] },
  });
  expect(resources.cpu[0]!.name).toBe("whole machine");
  expect(resources.cpu).toHaveLength(9);
});
