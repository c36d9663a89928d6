import type { ClientSettings, LoadShape } from "../../model/benchmark.ts";

/** What was asked of the cluster while the readings were taken. */
export interface BottleneckContext {
  readonly shape: LoadShape;
  readonly client: Pick<ClientSettings, "engine" | "agents" | "connections">;
}
