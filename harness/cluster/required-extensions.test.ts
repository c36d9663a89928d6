import { expect, it } from "vitest";
import { fakeTopology } from "../model/topology.fake.ts";
import { requiredExtensions } from "./required-extensions.ts";

it("the node image must have the extension of pg_auto_failover where a topology is failed over by it, and only there", () => {
  expect(requiredExtensions(fakeTopology())).not.toContain("pgautofailover");
  expect(requiredExtensions(fakeTopology({ pgAutoFailover: { enabled: true } }))).toContain("pgautofailover");
});
