import { expect, test } from "vitest";
import { fakeFaultTools } from "../../model/capabilities.fake.ts";
import { fakeClock } from "../../model/clock.fake.ts";
import type { Victim } from "../../model/fault.ts";
import { layOut } from "../../cluster/components/lay-out.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { viewAfter } from "../../observe/client/cluster-view.fake.ts";
import { reload } from "./reload.ts";

const view = viewAfter(layOut(fakeTopology()));
const nodes = ["coordinator-1", "coordinator-2", "coordinator-3"];
const victim: Victim = {
  name: nodes.join(", "),
  nodes,
  link: null,
  group: "coordinators",
  leader: "coordinator-1",
};

/** Each member's answer: how long ago it read its configuration, and the value that is in force. */
type Answers = Readonly<Record<string, readonly [loadedAgoMs: number, value: string]>>;

async function carriedOut(
  act: (tools: ReturnType<typeof fakeFaultTools>) => Promise<unknown>,
  answers: Answers = {},
) {
  const clock = fakeClock();
  const configuration = (node: string) => {
    const [loadedAgoMs, value] = answers[node] ?? [0, ""];
    return { loadedAgoMs, value };
  };
  const tools = fakeFaultTools({ clock, view, behave: () => "works", tookMs: 5, configuration });
  let result: unknown;
  const done = act(tools).then((value) => (result = value));
  await clock.run();
  await done;
  return { calls: tools.calls, result };
}

test("a parameter is set in the group's configuration, all members reload, and it is taken out again", async () => {
  const signal = new AbortController().signal;
  const { calls } = await carriedOut(async (tools) => {
    await reload.inject(tools, victim, signal);
    await reload.heal(tools, victim);
  });
  expect(calls).toEqual([
    "set dpg_bench.reload to done",
    "reload coordinators",
    "set dpg_bench.reload to nothing",
  ]);
});

const since: Answers = {
  "coordinator-1": [900, "done"],
  "coordinator-2": [100, "done"],
  "coordinator-3": [999, "done"],
};

test.each<[what: string, seen: boolean, changed: Answers]>([
  ["every member has read its configuration since, and has the new value", true, {}],
  ["a member has the value from before", false, { "coordinator-2": [1000, "done"] }],
  ["a member has read its configuration, and has no value yet", false, { "coordinator-3": [10, ""] }],
])("where %s it is seen: %j", async (_what, seen, changed) => {
  const { result, calls } = await carriedOut(
    async (tools) => (reload.isObserved === undefined ? await reload.tookHold(tools, victim, 1000) : null),
    { ...since, ...changed },
  );
  expect(result).toBe(seen);
  expect(calls).toEqual(nodes.map((node) => `ask ${node} for dpg_bench.reload`));
});
