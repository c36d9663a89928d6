import type Dockerode from "dockerode";
import { HarnessError } from "../../model/errors.ts";
import type { LabelledThing } from "./list-things.ts";
import { withinBudget } from "./within-budget.ts";

const removalsAtOnce = 8;
const strandedMs = 2000;

/**
 * Removes containers by force, with their anonymous volumes, and then networks and volumes. What is gone already, or
 * is being removed by somebody else, is as good as removed. Everything is tried before the first failure is raised.
 */
export async function removeThings(
  engine: Dockerode,
  things: readonly LabelledThing[],
  callMs: number,
): Promise<void> {
  const remove = {
    container: (id: string) => removeContainer(engine.getContainer(id), callMs),
    network: (id: string) => removeNetwork(engine.getNetwork(id), callMs),
    volume: (name: string) => removeVolume(engine.getVolume(name), callMs),
  };
  const failures: unknown[] = [];
  for (const kind of ["container", "network", "volume"] as const) {
    const ids = things.filter((thing) => thing.kind === kind).map(({ id }) => id);
    failures.push(...(await removeEach(ids, remove[kind])));
  }
  if (failures.length === 0) return;
  throw new HarnessError({
    code: "not-removed",
    message: `Expected to remove everything, found ${failures.length} left: ${failures.map(String).join("; ").slice(0, 2000)}`,
    hint: "Run `npx dpg-bench clean`.",
    cause: failures[0],
  });
}

async function removeEach(ids: readonly string[], remove: (id: string) => Promise<void>): Promise<unknown[]> {
  const waiting = [...ids];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await remove(id);
      } catch (error) {
        if (!isGone(error)) failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(removalsAtOnce, ids.length) }, worker));
  return failures;
}

async function removeContainer(container: Dockerode.Container, callMs: number): Promise<void> {
  const name = `the container ${container.id.slice(0, 12)}`;
  try {
    await withinBudget(`remove ${name}`, callMs, (abortSignal) =>
      container.remove({ force: true, v: true, abortSignal }),
    );
  } catch (error) {
    if (!isBeingRemoved(error)) throw error;
    // Its network can only go after it: wait for whoever is removing it.
    await withinBudget(`finish removing ${name}`, callMs, (abortSignal) =>
      container.wait({ condition: "removed", abortSignal }),
    );
  }
}

/**
 * An endpoint may outlive its container for a moment, and then the network has "active endpoints". The engine may also
 * lose one for good: what is left without a container after `strandedMs` is disconnected by force.
 */
async function removeNetwork(network: Dockerode.Network, callMs: number): Promise<void> {
  const name = `the network ${network.id.slice(0, 12)}`;
  const began = performance.now();
  for (;;) {
    try {
      await withinBudget(`remove ${name}`, callMs, (abortSignal) => network.remove({ abortSignal }));
      return;
    } catch (error) {
      const waitedMs = performance.now() - began;
      if (!String(error).includes("active endpoints") || waitedMs > callMs) throw error;
      if (waitedMs > strandedMs) await disconnectStranded(network, callMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The engine lists an endpoint whose container is gone under `ep-` and the endpoint's id. */
async function disconnectStranded(network: Dockerode.Network, callMs: number): Promise<void> {
  const name = `the network ${network.id.slice(0, 12)}`;
  const found = (await withinBudget(`inspect ${name}`, callMs, () => network.inspect())) as Pick<
    Dockerode.NetworkInspectInfo,
    "Containers"
  >;
  for (const [id, endpoint] of Object.entries(found.Containers ?? {})) {
    if (!id.startsWith("ep-")) continue;
    await withinBudget(`disconnect ${endpoint.Name} from ${name}`, callMs, (abortSignal) =>
      network.disconnect({ Container: endpoint.Name, Force: true, abortSignal }),
    );
  }
}

async function removeVolume(volume: Dockerode.Volume, callMs: number): Promise<void> {
  await withinBudget(`remove the volume ${volume.name}`, callMs, (abortSignal) =>
    volume.remove({ force: true, abortSignal }),
  );
}

function isGone(error: unknown): boolean {
  return statusCode(error) === 404;
}

function isBeingRemoved(error: unknown): boolean {
  return statusCode(error) === 409 && String(error).includes("already in progress");
}

function statusCode(error: unknown): unknown {
  return error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
}
