import type Dockerode from "dockerode";
import { HarnessError } from "../../model/errors.ts";
import type { StuckLeftover } from "../container-runtime.ts";
import type { LabelledThing } from "./list-things.ts";
import { withinBudget } from "./within-budget.ts";

const removalsAtOnce = 8;
const strandedMs = 2000;
const stuckMs = 5000;

/**
 * Removes containers by force, with their anonymous volumes, and then networks and volumes. What is gone already, or
 * is being removed by somebody else, is as good as removed. Everything is tried before the first failure is raised.
 * Resolves with the networks that the engine does not let go although nothing is in them (see `removeNetwork`).
 */
export async function removeThings(
  engine: Dockerode,
  things: readonly LabelledThing[],
  callMs: number,
): Promise<readonly LabelledThing[]> {
  const stuck: LabelledThing[] = [];
  const remove = {
    container: ({ id }: LabelledThing) => removeContainer(engine.getContainer(id), callMs),
    network: async (thing: LabelledThing) => {
      if ((await removeNetwork(engine.getNetwork(thing.id), callMs)) === "stuck") stuck.push(thing);
    },
    volume: ({ id }: LabelledThing) => removeVolume(engine.getVolume(id), callMs),
  };
  const failures: unknown[] = [];
  for (const kind of ["container", "network", "volume"] as const) {
    const ofKind = things.filter((thing) => thing.kind === kind);
    failures.push(...(await removeEach(ofKind, remove[kind])));
  }
  if (failures.length === 0) return stuck;
  throw new HarnessError({
    code: "not-removed",
    message: `Expected to remove everything, found ${failures.length} left: ${failures.map(String).join("; ").slice(0, 2000)}`,
    hint: "Run `npx dpg-bench clean`.",
    cause: failures[0],
  });
}

/** A thing that `removeThings` found stuck, for the user. */
export function describeStuck({ kind, name }: LabelledThing): StuckLeftover {
  const why =
    `Docker does not let go of the ${kind} ${name}: it counts containers in it, though there are none. ` +
    "It harms nothing; once Docker has been restarted, `npx dpg-bench clean` removes it.";
  return { kind, name, why };
}

async function removeEach(
  things: readonly LabelledThing[],
  remove: (thing: LabelledThing) => Promise<void>,
): Promise<unknown[]> {
  const waiting = [...things];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let thing = waiting.shift(); thing !== undefined; thing = waiting.shift()) {
      try {
        await remove(thing);
      } catch (error) {
        if (!isGone(error)) failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(removalsAtOnce, things.length) }, worker));
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
 * lose one for good: what is left without a container after `strandedMs` is disconnected by force. And it may lose count of
 * them: Docker Engine 20.10 keeps a number of endpoints beside their list, and where many containers come and go at once
 * the number may stay above zero. Such a network is `stuck`; the engine counts anew when it starts ("Fixing inconsistent
 * endpoint_cnt" in its log), and nothing else corrects it.
 */
async function removeNetwork(network: Dockerode.Network, callMs: number): Promise<"removed" | "stuck"> {
  const name = `the network ${network.id.slice(0, 12)}`;
  const began = performance.now();
  for (;;) {
    try {
      await withinBudget(`remove ${name}`, callMs, (abortSignal) => network.remove({ abortSignal }));
      return "removed";
    } catch (error) {
      const waitedMs = performance.now() - began;
      if (!String(error).includes("active endpoints") || waitedMs > callMs) throw error;
      const isEmpty = waitedMs > strandedMs && (await disconnectStranded(network, callMs));
      if (isEmpty && waitedMs > stuckMs) return "stuck";
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * The engine lists an endpoint whose container is gone under `ep-` and the endpoint's id. Resolves with whether it listed
 * nothing at all.
 */
async function disconnectStranded(network: Dockerode.Network, callMs: number): Promise<boolean> {
  const name = `the network ${network.id.slice(0, 12)}`;
  const found = (await withinBudget(`inspect ${name}`, callMs, () => network.inspect())) as Pick<
    Dockerode.NetworkInspectInfo,
    "Containers"
  >;
  const endpoints = Object.entries(found.Containers ?? {});
  for (const [id, endpoint] of endpoints) {
    if (!id.startsWith("ep-")) continue;
    await withinBudget(`disconnect ${endpoint.Name} from ${name}`, callMs, (abortSignal) =>
      network.disconnect({ Container: endpoint.Name, Force: true, abortSignal }),
    );
  }
  return endpoints.length === 0;
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
