import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { fakeBenchmarkPlan } from "../model/benchmark-recording.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { measureStartUps, startUpFigures } from "./measure-start-up.ts";

const plan = fakeBenchmarkPlan({});
const topology = fakeTopology();

function planOf(variants: readonly string[]) {
  const named = variants.map((name) => ({ name, topology }));
  return { ...plan, topology, benchmark: { ...plan.benchmark, variants: named } };
}

test("filling tables is no part of the start-up, and memory is summed by role", () => {
  const events: ClusterEvent[] = [
    { kind: "cluster-ready", atUs: 1, tookMs: 9500, fillingMs: 2500 },
    {
      kind: "memory-read",
      atUs: 2,
      memoryMb: { "etcd-1": 20.5, "etcd-2": 30, "coordinator-1": 100, haproxy: 10 },
    },
  ];
  const [measured] = measureStartUps({ plan: planOf([""]), events });
  expect(measured).toMatchObject({ variant: "", seconds: 7, fillingSeconds: 2.5, topology: topology.name });
  expect(measured?.memory?.totalMb).toBe(160.5);
  expect(measured?.memory?.roles).toEqual([
    { role: "etcd", containers: 2, totalMb: 50.5, mostMb: 30 },
    { role: "coordinators", containers: 1, totalMb: 100, mostMb: 100 },
    { role: "haproxy", containers: 1, totalMb: 10, mostMb: 10 },
  ]);
  expect(startUpFigures([measured!])).toMatchObject([
    { metric: "start-up", of: "whole run", figure: { kind: "value", value: 7 } },
    { metric: "start-up-memory", of: "whole run", figure: { kind: "value", value: 160.5 }, n: 4 },
  ]);
});

test("each variant has its own, and memory that was not read is no zero", () => {
  const events: ClusterEvent[] = [
    { kind: "variant", atUs: 0, variant: "a" },
    { kind: "cluster-ready", atUs: 1, tookMs: 5000 },
    { kind: "variant", atUs: 2, variant: "b" },
    { kind: "cluster-ready", atUs: 3, tookMs: 6000 },
    { kind: "memory-read", atUs: 4, memoryMb: {} },
    { kind: "variant", atUs: 5, variant: "c" },
  ];
  const measured = measureStartUps({ plan: planOf(["a", "b", "c"]), events });
  expect(measured.map(({ variant, seconds, memory }) => [variant, seconds, memory])).toEqual([
    ["a", 5, null],
    ["b", 6, null],
  ]);
  expect(startUpFigures(measured)[1]).toMatchObject({ of: "a", figure: { kind: "withheld" }, n: 0 });
});
