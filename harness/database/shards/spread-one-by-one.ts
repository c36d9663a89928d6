import { HarnessError } from "../../model/errors.ts";
import type { ShardControl, ShardsHeld } from "../../model/shards.ts";
import { within } from "../../support/within.ts";
import type { AskGroups } from "./ask-groups.ts";
import type { MovingShards } from "./shard-mover.ts";

/** What a dialect knows how to do, one at a time. */
interface Doings {
  readonly asking: (signal: AbortSignal) => AskGroups;
  readonly read: (ask: AskGroups) => Promise<ShardsHeld>;
  readonly spread: (groups: readonly string[], ask: AskGroups) => Promise<void>;
  /** Takes away what was broken off. */
  readonly sweep: (ask: AskGroups) => Promise<void>;
}

/**
 * Never two moves at a time, nor a move while what another left is taken away. A spread that fails is cleaned up after,
 * and tried once more from wherever it got to: a worker that failed over meanwhile has lost its replication slots.
 */
export function spreadOneByOne(
  { clock, commandMs }: Pick<MovingShards, "clock" | "commandMs">,
  { asking, read, spread, sweep }: Doings,
): ShardControl {
  const never = new AbortController().signal;
  let current: { readonly end: AbortController; readonly done: Promise<unknown> } | null = null;

  const endCurrent = async (): Promise<void> => {
    if (current === null) return;
    current.end.abort(new HarnessError({ code: "move-ended", message: "The move of shards was ended." }));
    await within({ ms: commandMs, clock }, current.done, () => undefined);
  };
  const cleanUp = (): Promise<void> => sweep(asking(never));

  const spreadOrTakeBack = async (groups: readonly string[], signal: AbortSignal): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await spread(groups, asking(signal));
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === 2) throw error;
        // What cannot be cleaned up now cannot be moved either: the first reason is the one to tell.
        const cleaned = await cleanUp().then(
          () => true,
          () => false,
        );
        if (!cleaned) throw error;
      }
    }
  };

  return {
    read: () => read(asking(never)),
    spreadOver: async (groups, signal) => {
      await endCurrent();
      const end = new AbortController();
      const work = spreadOrTakeBack(groups, AbortSignal.any([signal, end.signal]));
      const mine = { end, done: work.catch(() => undefined) };
      current = mine;
      try {
        await work;
      } finally {
        if (current === mine) current = null;
      }
    },
    cleanUp: async () => {
      await endCurrent();
      await cleanUp();
    },
  };
}
