import { describe, expect, it } from "vitest";
import type { FoundCluster } from "../runtime/container-runtime.ts";
import { UsageError } from "../model/errors.ts";
import { chooseClusters, isInUse } from "./choose-clusters.ts";

function cluster(changes: Partial<FoundCluster>): FoundCluster {
  const container = { name: "c", node: "coordinator-1", isRunning: true, status: "Up 1 minute" };
  return {
    id: "a1",
    runId: "interactive",
    topology: "development",
    database: "bench",
    mode: "interactive",
    owner: "dead",
    containers: [container],
    ...changes,
  };
}

describe("a cluster is in use", () => {
  it.each([
    ["while its run lives", cluster({ mode: "run", owner: "alive" })],
    ["while `up` or `run --keep` is not through with it", cluster({ owner: "alive" })],
    ["while it runs and nobody knows whether its run lives", cluster({ mode: "run", owner: "unknown" })],
  ])("%s", (_, found) => expect(isInUse(found)).toBe(true));

  it.each([
    ["once `up` has left it running", cluster({})],
    ["when it was kept on another boot", cluster({ owner: "unknown" })],
    ["when its run was killed", cluster({ mode: "run", owner: "dead" })],
    ["when nothing of it runs", cluster({ mode: "run", owner: "unknown", containers: [] })],
  ])("no more %s", (_, found) => expect(isInUse(found)).toBe(false));
});

describe("a reference", () => {
  const there = [
    cluster({ id: "a1" }),
    cluster({ id: "b2" }),
    cluster({ id: "c3", topology: "production", mode: "run", owner: "alive" }),
  ];

  it.each([
    ["b2", ["b2"]],
    ["development", ["a1", "b2"]],
    ["production", ["c3"]],
    [undefined, ["a1", "b2", "c3"]],
  ])("%s means %j", (reference, ids) => {
    expect(chooseClusters(there, reference).map(({ id }) => id)).toEqual(ids);
  });

  it("to nothing is an error that names what is there", () => {
    expect(() => chooseClusters(there, "staging")).toThrow(UsageError);
    expect(() => chooseClusters(there, "staging")).toThrow(/development \(a1\), development \(b2\)/);
    expect(() => chooseClusters([], "a1")).toThrow(/No cluster is up/);
  });
});
