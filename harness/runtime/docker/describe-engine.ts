import type { Environment } from "../../model/environment.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { withinBudget } from "./within-budget.ts";

/** The engine, and the images by their ids. */
export async function describeEngine(
  cluster: DockerCluster,
  images: readonly string[],
): Promise<Pick<Environment, "engine" | "images">> {
  const what = "describe itself and its images";
  try {
    const [{ info, version }, inspected] = await Promise.all([
      withinBudget(what, cluster.commandMs, async () => ({
        info: (await cluster.engine.info()) as Record<string, unknown>,
        version: await cluster.engine.version(),
      })),
      withinBudget(what, cluster.commandMs, () =>
        Promise.all(
          images.map(async (name) => ({ name, id: (await cluster.engine.getImage(name).inspect()).Id })),
        ),
      ),
    ]);
    return {
      engine: {
        name: version.Platform.Name === "" ? "Docker Engine" : version.Platform.Name,
        version: version.Version,
        storageDriver: text(info.Driver),
        cgroupVersion: text(info.CgroupVersion),
      },
      images: inspected,
    };
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "unknown";
}
