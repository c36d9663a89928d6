import { describe, expect, it } from "vitest";
import { fakePlan, fakeScenario } from "./run-plan.fake.ts";

const fiveFaults = fakeScenario.faults.map((step) => ({ ...step, injections: 4 }));

describe("planRun", () => {
  it("gives the same plan for the same seed and another order or phase for another", () => {
    expect(fakePlan({ seed: 7 })).toEqual(fakePlan({ seed: 7 }));
    expect(fakePlan({ seed: 7 }).injections).not.toEqual(fakePlan({ seed: 8 }).injections);
  });

  it("interleaves: every round holds each kind of fault once", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { injections } = fakePlan({ seed, scenario: { ...fakeScenario, faults: fiveFaults } });
      for (let round = 0; round < 4; round += 1) {
        const kinds = injections.slice(round * 2, round * 2 + 2).map((injection) => injection.fault);
        expect(kinds.toSorted()).toEqual(["crash-postgres", "kill-node"]);
      }
    }
  });

  it("begins a round with any kind, as the seed has it", () => {
    const first = new Set(Array.from({ length: 50 }, (_, seed) => fakePlan({ seed }).injections[0]?.fault));
    expect(first).toEqual(new Set(["crash-postgres", "kill-node"]));
  });

  it("spreads a fault's injections over the whole of Patroni's loop", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const { injections } = fakePlan({ seed, scenario: { ...fakeScenario, faults: fiveFaults } });
      const quarters = injections
        .filter((injection) => injection.fault === "kill-node")
        .map((injection) => Math.floor(injection.loopPhase * 4));
      expect(quarters.toSorted()).toEqual([0, 1, 2, 3]);
    }
  });

  it("numbers injections from 1 and keeps fault, class and victim together", () => {
    const { injections } = fakePlan();
    expect(injections.map((injection) => injection.injection)).toEqual([1, 2, 3, 4]);
    const kill = injections.find((injection) => injection.fault === "kill-node");
    expect(kill).toMatchObject({ failureClass: "node-loss", victim: "primary of coordinators" });
  });

  it("says of each injection whether it is a fault or a cluster operation, with the members that it is done to", () => {
    const faults = [
      { operation: "switchover", on: "coordinators", injections: 1 },
      { fault: "kill-node", victim: "one replica of coordinators", injections: 1 },
    ] as const;
    const { injections } = fakePlan({ scenario: { ...fakeScenario, faults } });
    expect(injections.map(({ kind, fault, victim }) => ({ kind, fault, victim }))).toEqual(
      expect.arrayContaining([
        { kind: "operation", fault: "switchover", victim: "primary of coordinators" },
        { kind: "fault", fault: "kill-node", victim: "one replica of coordinators" },
      ]),
    );
  });

  it("draws for how long a fault is held, evenly, of each injection anew and by the seed", () => {
    const between = { least: 2.5, most: 3.5 };
    const faults = [
      { fault: "kill-node", victim: "primary of coordinators", injections: 100, healBetweenSeconds: between },
    ] as const;
    const held = (seed: number): readonly (number | undefined)[] =>
      fakePlan({ seed, scenario: { ...fakeScenario, faults } }).injections.map(
        ({ healAfterSeconds }) => healAfterSeconds,
      );
    const drawn = held(1);
    expect(held(1)).toEqual(drawn);
    expect(held(2)).not.toEqual(drawn);
    for (const seconds of drawn) {
      expect(seconds).toBeGreaterThanOrEqual(2.5);
      expect(seconds).toBeLessThanOrEqual(3.5);
    }
    const tenths = new Set(drawn.map((seconds) => Math.floor(((seconds ?? 0) - 2.5) * 10)));
    expect(tenths.size).toBeGreaterThanOrEqual(9);
  });

  it("gives waits on the lease a longer budget than the longest predicted failover", () => {
    const { budgets, advice } = fakePlan();
    const longest = Math.max(...advice.bands.map((band) => band.highSeconds));
    expect(budgets.recoveryMs).toBeGreaterThan(longest * 1000);
    expect(budgets.observedMs).toBeGreaterThan(20_000);
  });

  it("refuses a fault that nobody described", () => {
    expect(() => fakePlan({ faults: {} })).toThrow(/there is no "crash-postgres"/);
  });
});
