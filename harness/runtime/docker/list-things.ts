import type Dockerode from "dockerode";
import { explainEngineError } from "./explain-engine-error.ts";
import { labelNames } from "./labels.ts";
import { withinBudget } from "./within-budget.ts";

/** One container, network or volume that carries dpg-bench's label. */
export interface LabelledThing {
  readonly kind: "container" | "network" | "volume";
  /** What the engine removes it by. */
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Only containers run. */
  readonly isRunning: boolean;
  /** The engine's words, such as "Up 3 minutes"; empty for networks and volumes. */
  readonly status: string;
}

const listMs = 30_000;

/** Everything in the engine that is ours, of every cluster. */
export async function listThings(engine: Dockerode): Promise<readonly LabelledThing[]> {
  const what = "list what dpg-bench has started";
  const filters = JSON.stringify({ label: [labelNames.cluster] });
  try {
    return await withinBudget(what, listMs, async (abortSignal) => {
      const [containers, networks, volumes] = await Promise.all([
        engine.listContainers({ all: true, filters, abortSignal }),
        engine.listNetworks({ filters, abortSignal }),
        engine.listVolumes({ filters, abortSignal }),
      ]);
      return [
        ...containers.map((container): LabelledThing => ({
          kind: "container",
          id: container.Id,
          name: (container.Names[0] ?? container.Id).replace(/^\//, ""),
          labels: container.Labels,
          isRunning: container.State === "running" || container.State === "paused",
          status: container.Status,
        })),
        ...networks.map((network): LabelledThing => ({
          kind: "network",
          id: network.Id,
          name: network.Name,
          labels: network.Labels ?? {},
          isRunning: false,
          status: "",
        })),
        ...volumes.Volumes.map((volume): LabelledThing => ({
          kind: "volume",
          id: volume.Name,
          name: volume.Name,
          labels: volume.Labels,
          isRunning: false,
          status: "",
        })),
      ];
    });
  } catch (error) {
    throw explainEngineError(what, error);
  }
}
