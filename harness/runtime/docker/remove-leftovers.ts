import type { Leftover, LeftoverScope } from "../container-runtime.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { connectEngine } from "./engine.ts";
import { listThings } from "./list-things.ts";
import { removeThings } from "./remove-things.ts";

const removeMs = 60_000;

/**
 * Removes what earlier clusters left behind, and resolves with what was removed. `orphans` spares what a living
 * process or the user still uses; `all` does not. Never touches anything without dpg-bench's labels.
 */
export async function removeLeftovers(scope: LeftoverScope): Promise<readonly Leftover[]> {
  const engine = await connectEngine();
  const leftovers = chooseLeftovers(await listThings(engine), scope);
  await removeThings(engine, leftovers, removeMs);
  return leftovers.map(({ kind, name }) => ({ kind, name }));
}
