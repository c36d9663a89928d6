import { expect, test } from "vitest";
import { fakeFaultTools } from "../model/capabilities.fake.ts";
import { fakeClock } from "../model/clock.fake.ts";
import type { Fault, Victim } from "../model/fault.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { slowNetwork200, slowNetwork50 } from "./slow-network.ts";

const victim: Victim = {
  name: "coordinator-1",
  nodes: ["coordinator-1"],
  link: null,
  group: "coordinators",
  leader: "coordinator-1",
};

async function heldAt(fault: Fault, roundTripMs: number) {
  const clock = fakeClock();
  const view = viewAfter(layOut(fakeTopology()));
  const tools = fakeFaultTools({ clock, view, behave: () => "works", tookMs: 1, roundTripMs });
  const answers: unknown[] = [];
  void fault.tookHold?.(tools, victim, 0).then((answer) => answers.push(answer));
  await clock.run();
  return { answer: answers[0], calls: tools.calls };
}

test("a slow network has taken hold when a round trip that was measured is as slow, and says how slow it was", async () => {
  expect((await heldAt(slowNetwork50, 0.2)).answer).toBe(false);
  expect((await heldAt(slowNetwork200, 51)).answer).toBe(false);
  expect((await heldAt(slowNetwork200, 200.6)).answer).toBe("a round trip took 201 ms");
});

test("it is measured to a node that is not slow itself", async () => {
  const { calls } = await heldAt(slowNetwork50, 50);
  expect(calls).toEqual([expect.stringMatching(/^measure from coordinator-1 to (?!coordinator-1$)/)]);
});
