import { expect, test } from "vitest";
import type { PlannedInjection } from "../model/plan.ts";
import { expectedSeconds } from "../plan/expected-seconds.ts";
import { makePlans } from "./make-plans.ts";

test("etcd-partition and its twin inject the same, with failsafe_mode off and on, and expect the opposite", async () => {
  const names = ["etcd-partition", "etcd-partition-failsafe"];
  const plans = await makePlans(names, { seed: "7", quick: true, set: [], runtime: "docker" });
  const [off, on] = plans;
  expect(plans.map(({ topology }) => topology.patroni.failsafeMode)).toEqual([false, true]);
  expect(off?.injections.map(withoutChance)).toEqual(on?.injections.map(withoutChance));
  const ofQuorum = plans.map(
    ({ targets }) => targets.find(({ of }) => of === "kill-node, etcd quorum")?.bound,
  );
  expect(ofQuorum).toEqual([{ atLeast: 5 }, { below: 1 }]);
  const bands = plans.map(({ advice }) =>
    advice.bands.find(({ roles }) => roles?.includes("primary to etcd")),
  );
  expect(bands.map((band) => band?.highSeconds)).toEqual([expect.closeTo(23, 3), 0]);
  for (const plan of plans) expect(expectedSeconds(plan)).toBeLessThanOrEqual(180);
});

test("what a scenario sets of its topology may be set otherwise", async () => {
  const set = ["patroni.failsafeMode=false"];
  const [plan] = await makePlans(["etcd-partition-failsafe"], {
    seed: "7",
    quick: true,
    set,
    runtime: "docker",
  });
  expect(plan?.topology.patroni.failsafeMode).toBe(false);
});

test("a scenario that is compared on several topologies has a plan for each, with the same faults at the same moments", async () => {
  const options = { seed: "7", quick: true, set: [], runtime: "docker" };
  const plans = await makePlans(["failover-managers"], options);
  expect(plans.map(({ topology }) => topology.name)).toEqual([
    "production",
    "production-as-documented",
    "production-leader-guard",
    "production-pg-auto-failover",
  ]);
  const injected = plans.map(({ injections }) =>
    injections.map(({ fault, loopPhase }) => [fault, loopPhase]),
  );
  expect(new Set(injected.map((each) => JSON.stringify(each))).size).toBe(1);
  const alone = await makePlans(["failover-managers"], { ...options, topology: "production-leader-guard" });
  expect(alone).toHaveLength(1);
});

test("an unknown runtime is told beside what else is wrong", async () => {
  const options = { seed: "7", quick: true, set: [], runtime: "nowhere" };
  await expect(makePlans(["no-such-scenario"], options)).rejects.toMatchObject({
    problems: [
      { where: "--runtime", message: 'expected docker, found "nowhere".' },
      expect.objectContaining({ where: 'scenario "no-such-scenario"' }),
    ],
  });
});

function withoutChance({ fault, victim, healAfterSeconds }: PlannedInjection): object {
  return { fault, victim, healAfterSeconds };
}
