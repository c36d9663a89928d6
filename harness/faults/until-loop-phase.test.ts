import { expect, test } from "vitest";
import { fakeFaultTools, type Behaviour } from "../model/capabilities.fake.ts";
import { fakeClock } from "../model/clock.fake.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import type { PlannedInjection } from "../model/plan.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { viewAfter } from "../observe/client/cluster-view.fake.ts";
import { untilLoopPhase } from "./until-loop-phase.ts";

const view = viewAfter(layOut(fakeTopology()));

/** On a group whose Patroni turns 100 ms after it is first asked, and then every `loopWaitSeconds`. */
async function wait(
  given: {
    readonly loopPhase?: number;
    readonly loopWaitSeconds?: number;
    readonly how?: Behaviour;
    readonly leaderless?: boolean;
  } = {},
) {
  const clock = fakeClock();
  const leaders = given.leaderless === true ? { ...view.leaders, coordinators: null } : view.leaders;
  const tools = fakeFaultTools({
    clock,
    view: { ...view, leaders },
    behave: () => given.how ?? "works",
    tookMs: 100,
  });
  const done = untilLoopPhase({
    tools,
    victim: {
      name: "coordinator-1",
      nodes: ["coordinator-1"],
      link: null,
      group: "coordinators",
      leader: "coordinator-1",
    },
    injection: { loopPhase: given.loopPhase ?? 0.25 } as PlannedInjection,
    loopWaitSeconds: given.loopWaitSeconds ?? 10,
    clock,
    signal: new AbortController().signal,
  }).then(
    (position) => ({ position, error: null }),
    (error: unknown) => ({ position: null, error }),
  );
  await clock.run();
  return { ...(await done), atUs: clock.nowUs() };
}

test("the planned phase is counted from the next turn of the loop", async () => {
  const { position, atUs } = await wait();
  expect(atUs).toBe(2_600_000);
  expect(position?.note).toBe("planned at 0.25 of Patroni's loop");
});

test("where a moment lies in the loop is told as a part of one turn, several turns later too", async () => {
  const { position } = await wait();
  expect(position?.phaseAt(2_600_000)).toBeCloseTo(0.25, 9);
  expect(position?.phaseAt(100_000 + 37_500_000)).toBeCloseTo(0.75, 9);
});

test("a loop that does not wait has no phases", async () => {
  expect((await wait({ loopWaitSeconds: 0 })).position?.phaseAt(5_000_000)).toBeUndefined();
});

test("where no turn shows within two loop_waits, the phase is timed from then on, and not claimed", async () => {
  const { position, atUs } = await wait({ how: "hangs" });
  expect(atUs).toBe(20_000_000 + 2_500_000);
  expect(position?.phaseAt(22_500_000)).toBeUndefined();
  expect(position?.note).toBe("no turn of Patroni's loop was seen, so its phase is not known");
});

test("a group without a leader has no loop to wait for", async () => {
  const { position, atUs } = await wait({ leaderless: true });
  expect(atUs).toBe(2_500_000);
  expect(position?.phaseAt(2_500_000)).toBeUndefined();
});

test("an observer that failed is no loop that did not turn", async () => {
  const { error } = await wait({ how: "fails" });
  expect(error).toMatchObject({ code: "observer-ended" });
});
