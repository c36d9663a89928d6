import type { Topology } from "../harness/model/topology.ts";
import { development } from "./development.ts";
import { enterprise } from "./enterprise.ts";
import { highAvailability } from "./high-availability.ts";
import { production } from "./production.ts";
import { productionLeaderGuard } from "./production-leader-guard.ts";
import { productionAsDocumented } from "./production-as-documented.ts";
import { productionPgAutoFailover } from "./production-pg-auto-failover.ts";

/** Every topology, by its name. */
export const topologyCatalogue = {
  development,
  "high-availability": highAvailability,
  production,
  "production-leader-guard": productionLeaderGuard,
  "production-as-documented": productionAsDocumented,
  "production-pg-auto-failover": productionPgAutoFailover,
  enterprise,
} satisfies Record<string, Topology>;
