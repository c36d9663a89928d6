import { expect, test } from "vitest";
import { layOut } from "../../cluster/components/lay-out.ts";
import { fakeFaultTools, type Behave } from "../../model/capabilities.fake.ts";
import { fakeClock } from "../../model/clock.fake.ts";
import type { Fault, Victim } from "../../model/fault.ts";
import type { ShardsHeld } from "../../model/shards.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { viewAfter } from "../../observe/client/cluster-view.fake.ts";
import { addWorker } from "./add-worker.ts";
import { drainWorker } from "./drain-worker.ts";
import { rebalance } from "./rebalance.ts";

const view = viewAfter(layOut(fakeTopology()));
const victim: Victim = {
  name: "worker-1a",
  nodes: ["worker-1a"],
  link: null,
  group: "worker-1",
  leader: "worker-1a",
};
const two: ShardsHeld = {
  inUse: ["worker-1", "worker-2"],
  idle: ["worker-3", "worker-4"],
  shards: { "worker-1": 4, "worker-2": 4 },
  even: true,
};

async function carriedOut(fault: Fault, held: ShardsHeld, behave: Behave = () => "works") {
  const clock = fakeClock();
  const tools = fakeFaultTools({ clock, view, behave, tookMs: 5, shards: () => held });
  let failure: unknown = null;
  const done = fault
    .inject(tools, victim, new AbortController().signal)
    .catch((error: unknown) => (failure = error));
  await clock.run();
  await done;
  return { calls: tools.calls, failure };
}

async function tookHold(fault: Fault, held: ShardsHeld): Promise<boolean | string | null> {
  const clock = fakeClock();
  const tools = fakeFaultTools({ clock, view, behave: () => "works", tookMs: 5, shards: () => held });
  if (fault.isObserved !== undefined) return null;
  const answer = fault.tookHold(tools, victim, 1000);
  await clock.run();
  return await answer;
}

const before = ["clean up after moves of shards", "read who holds which shards"];

test.each([
  [addWorker, "spread shards over worker-1, worker-2, worker-3"],
  [rebalance, "spread shards over worker-1, worker-2, worker-3, worker-4"],
  [drainWorker, "spread shards over worker-2"],
])("$name takes away what earlier moves left, then spreads shards", async (fault, spread) => {
  const { calls, failure } = await carriedOut(fault, two);
  expect(failure).toBeNull();
  expect(calls).toEqual([...before, spread]);
});

test("no group is added where none is left", async () => {
  const { calls, failure } = await carriedOut(addWorker, { ...two, idle: [] });
  expect(failure).toMatchObject({ code: "no-spare-group" });
  expect(calls).toEqual(before);
});

test("the last group that holds shards is not drained", async () => {
  const { calls, failure } = await carriedOut(drainWorker, { ...two, inUse: ["worker-1"] });
  expect(failure).toMatchObject({ code: "no-other-group" });
  expect(calls).toEqual(before);
});

test("a group that is not in use is not drained", async () => {
  const { calls, failure } = await carriedOut(drainWorker, { ...two, inUse: ["worker-2"] });
  expect(failure).toMatchObject({ code: "group-not-in-use" });
  expect(calls).toEqual(before);
});

test("a move that does not work is not said to have worked", async () => {
  const { failure } = await carriedOut(rebalance, two, (step) =>
    step.startsWith("spread") ? "fails" : "works",
  );
  expect(failure).toMatchObject({ message: expect.stringContaining("spread shards over") as string });
});

test.each<[what: string, fault: Fault, held: ShardsHeld, seen: boolean]>([
  ["added, and all even", addWorker, { ...two, inUse: ["worker-1", "worker-2", "worker-3"] }, true],
  ["added, and not even", addWorker, { ...two, even: false }, false],
  ["spread over some", rebalance, two, false],
  ["spread over all", rebalance, { ...two, idle: [] }, true],
  ["drained, and still in use", drainWorker, two, false],
  ["drained, and out of use", drainWorker, { ...two, inUse: ["worker-2"] }, true],
])("by the live catalogue, shards that are %s", async (_what, fault, held, seen) => {
  expect(await tookHold(fault, held)).toBe(seen);
});

test.each([[addWorker], [rebalance], [drainWorker]])(
  "$name is healed by taking away what is half done",
  async (fault) => {
    const clock = fakeClock();
    const tools = fakeFaultTools({ clock, view, behave: () => "works", tookMs: 5 });
    const healed = fault.heal(tools, victim);
    await clock.run();
    await healed;
    expect(tools.calls).toEqual(["clean up after moves of shards"]);
  },
);
