import type { Scenario } from "../harness/model/scenario.ts";
import { failoverCoordinator } from "./failover/failover-coordinator.ts";

/** Every scenario that dpg-bench ships, by name. A new one is one file and one line here. */
export const scenarioCatalogue = {
  "failover-coordinator": failoverCoordinator,
} as const satisfies Readonly<Record<string, Scenario>>;
