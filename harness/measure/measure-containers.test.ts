import { expect, test } from "vitest";
import type { ClusterEvent } from "../model/event.ts";
import { fakePlan } from "../model/plan.fake.ts";
import type { ResourceReading } from "../model/resource.ts";
import { measureContainers } from "./measure-containers.ts";

const plan = fakePlan([]);
const phases: readonly ClusterEvent[] = [
  { kind: "phase", atUs: 10, phase: "steady", injection: null },
  { kind: "phase", atUs: 30, phase: "fault", injection: 1 },
];

function container(atUs: number, node: string, cpuCores: number, memoryMb: number): ResourceReading {
  return {
    kind: "container",
    atUs,
    node,
    cpuCores,
    cpuLimit: 0,
    throttledShare: 0,
    memoryMb,
    memoryLimitMb: 0,
    diskReadBytesPerSecond: 0,
    diskWriteBytesPerSecond: 0,
    networkReceivedBytesPerSecond: 0,
    networkSentBytesPerSecond: 0,
  };
}

test("containers are summed by role over the steady phase alone, and the one that used most is told", () => {
  const resources = [
    container(10, "guard-1", 9, 900),
    container(20, "guard-1", 0.01, 16),
    container(30, "guard-1", 0.03, 18),
    container(25, "guard-2", 0.01, 20),
    container(31, "guard-2", 9, 900),
    container(20, "coordinator-1", 0.5, 200),
  ];
  expect(measureContainers({ plan, events: phases, resources }, 100)).toEqual([
    { role: "guard", containers: 2, cpuCores: 0.03, mostCores: 0.02, memoryMb: 37, mostMb: 20 },
    { role: "coordinators", containers: 1, cpuCores: 0.5, mostCores: 0.5, memoryMb: 200, mostMb: 200 },
  ]);
});

test("a run that did not come to its steady phase has none", () => {
  const resources = [container(20, "guard-1", 0.01, 16)];
  expect(measureContainers({ plan, events: [], resources }, 100)).toEqual([]);
});
