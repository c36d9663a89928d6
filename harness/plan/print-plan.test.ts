import { describe, expect, it } from "vitest";
import { fakePlan } from "./run-plan.fake.ts";
import { printPlan } from "./print-plan.ts";

describe("printPlan", () => {
  it("prints cluster, timing, load, phases, injections, targets, bands, findings and budgets", async () => {
    const text = printPlan(fakePlan({ overrides: ["patroni.ttl=20"] }), { colour: false });
    await expect(text).toMatchFileSnapshot("./print-plan.golden.txt");
  });

  it("says of a plan without Patroni, faults and targets that there is none of each", () => {
    const plan = fakePlan();
    const bare = { ...plan, injections: [], targets: [], advice: { timing: null, bands: [], findings: [] } };
    const text = printPlan(bare, { colour: false });
    expect(text).toContain("no Patroni");
    expect(text).toContain("Targets: none");
    expect(text).toContain("Findings: none");
  });

  it("uses escape sequences only when colour is wanted", () => {
    const plan = fakePlan();
    const escape = String.fromCharCode(27);
    expect(printPlan(plan, { colour: false })).not.toContain(escape);
    expect(printPlan(plan, { colour: true })).toContain(escape);
  });
});
