import type { LeftoverScope, Removal } from "../container-runtime.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { connectEngine } from "./engine.ts";
import { listThings } from "./list-things.ts";
import { describeStuck, removeThings } from "./remove-things.ts";

const removeMs = 60_000;

/**
 * Removes what earlier clusters left behind, and resolves with what became of it. `orphans` spares what a living
 * process or the user still uses; `all` does not. Never touches anything without dpg-bench's labels.
 */
export async function removeLeftovers(scope: LeftoverScope): Promise<Removal> {
  const engine = await connectEngine();
  const leftovers = chooseLeftovers(await listThings(engine), scope);
  const stuck = await removeThings(engine, leftovers, removeMs);
  const removed = leftovers.filter((thing) => !stuck.includes(thing));
  return {
    removed: removed.map(({ kind, name }) => ({ kind, name })),
    stuck: stuck.map(describeStuck),
  };
}
