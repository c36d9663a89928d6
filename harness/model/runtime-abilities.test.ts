import { expect, it } from "vitest";
import { fakeRuntime } from "../runtime/container-runtime.fake.ts";
import { abilityGaps } from "./runtime-abilities.ts";

it("a fault can be injected where the runtime can do all that it needs", () => {
  expect(abilityGaps({ name: "kill-node", needs: ["nodeControl"] }, fakeRuntime())).toEqual([]);
});

it("a fault that the runtime cannot inject is told with the reason, for each thing that it needs", () => {
  const runtime = fakeRuntime({ lacks: { networkControl: "packets are not ours to drop" } });
  expect(abilityGaps({ name: "cut-link", needs: ["commands", "networkControl"] }, runtime)).toEqual([
    '"cut-link" cannot be injected where the runtime is fake: packets are not ours to drop.',
  ]);
});
