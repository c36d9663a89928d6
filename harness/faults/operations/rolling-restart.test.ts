import { expect, test } from "vitest";
import { fakeFaultTools, type Behave } from "../../model/capabilities.fake.ts";
import { fakeClock } from "../../model/clock.fake.ts";
import type { Victim } from "../../model/fault.ts";
import { layOut } from "../../cluster/components/lay-out.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { viewAfter } from "../../observe/client/cluster-view.fake.ts";
import { rollingRestart } from "./rolling-restart.ts";

const view = viewAfter(layOut(fakeTopology()));
const nodes = ["coordinator-1", "coordinator-2", "coordinator-3"];
const victim: Victim = {
  name: nodes.join(", "),
  nodes,
  link: null,
  group: "coordinators",
  leader: "coordinator-1",
};

async function restartAll(behave: Behave) {
  const clock = fakeClock();
  const tools = fakeFaultTools({ clock, view, behave, tookMs: 5 });
  let failure: unknown = null;
  const done = rollingRestart
    .inject(tools, victim, new AbortController().signal)
    .catch((error: unknown) => (failure = error));
  await clock.run();
  await done;
  return { calls: tools.calls, failure };
}

test("standbys are restarted one after the other, then the primary, once another has taken over", async () => {
  const { calls, failure } = await restartAll(() => "works");
  expect(failure).toBeNull();
  expect(calls).toEqual([
    "restart coordinator-2",
    "restart coordinator-3",
    "switchover of coordinators from coordinator-1",
    "restart coordinator-1",
  ]);
});

test("no further member is restarted while one does not stream again", async () => {
  const { calls, failure } = await restartAll((step) =>
    step === "wait: coordinator-2 to stream again" ? "hangs" : "works",
  );
  expect(failure).toMatchObject({ code: "wait-timed-out" });
  expect(calls).toEqual(["restart coordinator-2"]);
});

test("it shows in a member that does not answer, or in another leader", () => {
  const { isObserved } = rollingRestart;
  expect(isObserved?.(view, victim)).toBe(false);
  const away = { ...view.members["coordinator-3"]!, reachable: false };
  expect(isObserved?.({ ...view, members: { ...view.members, "coordinator-3": away } }, victim)).toBe(true);
  expect(isObserved?.({ ...view, leaders: { coordinators: "coordinator-2" } }, victim)).toBe(true);
});
