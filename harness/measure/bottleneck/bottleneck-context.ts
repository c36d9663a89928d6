import type { LoadShape } from "../../model/benchmark.ts";
import type { ClientMeasurement } from "../../model/measurement.ts";

/** What was asked of the cluster while the readings were taken. */
export interface BottleneckContext {
  readonly shape: LoadShape;
  /** Of the client, where the shape is open. */
  readonly connections: number;
  readonly client: Pick<ClientMeasurement, "clientBound" | "busiestSenderCores">;
}
