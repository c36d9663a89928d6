import { expect, test } from "vitest";
import { steadySeconds } from "../../harness/stats/steady-phase.ts";
import { fakeBenchmarkRun } from "../benchmark-run.fake.ts";
import { collectFailover } from "./failover/data.ts";
import { collectLoad } from "./load/data.ts";
import { PERCENTILE_SHARES, collectPercentiles } from "./percentiles/data.ts";
import { collectResources } from "./resources/data.ts";
import { collectTimeline } from "./timeline/data.ts";
import { collectWaits } from "./waits/data.ts";
import { staticPart } from "../html/render-html.ts";
import { mergeSeconds } from "../merge-seconds.ts";
import { fakeRunUnderLoad } from "../run-under-load.fake.ts";
import { fakeRun, fakeRunWithoutCluster } from "../run.fake.ts";
import { collectCharts } from "./catalogue.ts";

test("a distribution is drawn from the merged histograms of the steady phase, as far as ten operations lie above", () => {
  const run = fakeBenchmarkRun();
  const { stages } = collectPercentiles(run)!;
  const half = stages.find(({ title }) => title === "50 % of capacity")!;
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
  const load = collectLoad(fakeBenchmarkRun())!;
  const [group] = load.groups;
  const saturation = group!.points.find(({ title }) => title === "saturation")!;
  expect(saturation).toMatchObject({ closed: true, offered: saturation.throughput });
  expect(group!.points).toHaveLength(9);
  expect(group!.capacity).toEqual({ low: 7200, high: 7840 });
  expect(load.targets).toEqual([{ label: "T3: p99 < 8 ms", ms: 8, percentile: "p99" }]);
});

test("lines of the time line are cut between stages, and every second of a stage is a point", () => {
  const timeline = collectTimeline(fakeBenchmarkRun())!;
  expect(timeline.stages).toHaveLength(9);
  expect(timeline.streams[0]!.outcomes.at).toHaveLength(9 * (11 + 2));
  expect(timeline.streams[0]!.outcomes.ok.filter((value) => value === null)).toHaveLength(9 * 2);
  expect(timeline.stages[0]!.phases.map(({ phase }) => phase)).toEqual(["warmup", "steady", "cool-down"]);
  expect(timeline.streams[0]!.latencyMs.upperName).toBe("p99");
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
  const [one] = collectTimeline(run)!.streams;
  const [two] = collectTimeline({ ...run, recording: { ...run.recording, stages } })!.streams;
  expect(two!.outcomes.at).toEqual(one!.outcomes.at);
  expect(two!.outcomes.ok[1]).toBe(2 * one!.outcomes.ok[1]!);
});

test("a slow load is drawn with the percentile that its seconds allow", () => {
  const timeline = collectTimeline(fakeBenchmarkRun({ capacities: { "": 200 } }))!;
  expect(timeline.streams[0]!.latencyMs.upperName).toBe("p95");
});

test("backends are a mean per stage by what they waited for, most first", () => {
  const waits = collectWaits(fakeBenchmarkRun())!;
  expect(waits.events[0]!.name).toBe("CPU");
  expect(waits.events[0]!.backends).toHaveLength(waits.stages.length);
  expect(waits.events[0]!.backends[0]).toBe(4);
});

test("the busiest containers are drawn below the whole machine, and no more than can be told apart", () => {
  const run = fakeBenchmarkRun();
  const [first] = run.recording.resources.filter((one) => one.kind === "container");
  const many = Array.from({ length: 30 }, (_, index) => ({ ...first!, node: `worker-${index}` }));
  const resources = collectResources({
    ...run,
    recording: { ...run.recording, resources: [...run.recording.resources, ...many] },
  })!;
  expect(resources.cpu[0]!.name).toBe("whole machine");
  expect(resources.cpu).toHaveLength(9);
});

test("a target is a line through all faults only where it is one of all of them", () => {
  const run = fakeRun();
  const [target] = run.recording.plan.targets.filter(({ metric }) => metric === "write-unavailability");
  const targets = [target!, { ...target!, id: "OF-ONE", of: "kill-node" }];
  const recording = { ...run.recording, plan: { ...run.recording.plan, targets } };
  const failover = collectFailover({ ...run, recording })!;
  expect(failover.targets.map(({ label }) => label.split(" ")[0])).toEqual([target!.id]);
});

test("resources stand on the time line beside faults and probes, and in a chart of their own beside stages alone", () => {
  const stagesAlone = fakeBenchmarkRun();
  const { resources } = stagesAlone.recording;
  expect(collectTimeline(stagesAlone)!.resources).toBeNull();
  expect(collectResources(stagesAlone)!.cpu.length).toBeGreaterThan(1);
  for (const run of [fakeRun(), fakeRunUnderLoad()]) {
    const watched = { ...run, recording: { ...run.recording, resources } };
    expect(collectTimeline(watched)!.resources!.cpu.length).toBeGreaterThan(1);
    expect(collectResources(watched)).toBeNull();
  }
});

test("a chart that has nothing to show is not in the page's data", () => {
  expect(Object.keys(collectCharts(fakeBenchmarkRun())).sort()).toEqual(
    ["load", "percentiles", "resources", "timeline", "waits"].sort(),
  );
  expect(Object.keys(collectCharts(fakeRun())).sort()).toEqual(["failover", "phases", "timeline"]);
  expect(collectCharts(fakeRunWithoutCluster())).toEqual({});
});

test("every chart that has something to show has its place in the page", () => {
  for (const run of [fakeRun(), fakeBenchmarkRun(), fakeRunUnderLoad()]) {
    const page = staticPart(run).markup;
    const missing = Object.keys(collectCharts(run)).filter((name) => !page.includes(`id="chart-${name}"`));
    expect(missing).toEqual([]);
  }
});
