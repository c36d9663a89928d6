import { connectEngine } from "./engine.ts";
import { listThings, type LabelledThing } from "./list-things.ts";

/**
 * The names of what is left of a cluster that was disposed of. A network without containers that the engine itself refuses
 * to remove is not counted: it has lost count of the network's endpoints (see `removeThings`), and that is told, not mended.
 */
export async function leftBehind(clusterId: string): Promise<readonly string[]> {
  const ofCluster = (await listThings(await connectEngine())).filter(
    ({ labels }) => labels["org.dpg-bench.cluster"] === clusterId,
  );
  const isAlone = ofCluster.every(({ kind }) => kind === "network");
  if (!isAlone) return ofCluster.map(({ name }) => name);
  const counted = await Promise.all(
    ofCluster.map(async (network) => ((await isRefused(network)) ? [] : [network.name])),
  );
  return counted.flat();
}

/** Tries to remove it: what the engine lets go now should have been removed before. */
async function isRefused({ id }: LabelledThing): Promise<boolean> {
  try {
    await (await connectEngine()).getNetwork(id).remove();
    return false;
  } catch (error) {
    return String(error).includes("active endpoints");
  }
}
