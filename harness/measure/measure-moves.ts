import type { ClusterEvent, EventOf } from "../model/event.ts";
import type { Figure, ShardMoves } from "../model/measurement.ts";
import type { RunPlan } from "../model/plan.ts";
import type { InjectionWindow } from "./list-injections.ts";

/** Whether that is what an injection is there for. */
export function movesShards(
  { injection }: Pick<InjectionWindow, "injection">,
  { injections }: Pick<RunPlan, "injections">,
): boolean {
  return injections.find((each) => each.injection === injection)?.failureClass === "rescaling";
}

/** What an operation moved in its window; nothing of one that is not there to move shards. */
export function measureMoves(
  { injection, faultAtUs, windowEndUs, healedAtUs, commandFailed }: InjectionWindow,
  { injections }: Pick<RunPlan, "injections">,
  events: readonly ClusterEvent[],
): { readonly moves?: ShardMoves } {
  if (!movesShards({ injection }, { injections })) return {};
  const each = events.filter(
    (event): event is EventOf<"shards-moved"> =>
      event.kind === "shards-moved" && event.atUs >= faultAtUs && event.atUs <= windowEndUs,
  );
  // What an operation that failed has moved is known; what it would have moved is not.
  const soFar = (value: number): Figure => ({ kind: commandFailed === null ? "value" : "at-least", value });
  const firstUs = Math.min(...each.map(({ atUs, tookMs }) => atUs - tookMs * 1000));
  const lastUs = Math.max(...each.map(({ atUs }) => atUs));
  const locks = each.flatMap(({ lockedMs }) => (lockedMs === null ? [] : [lockedMs]));
  const none: Figure = { kind: "withheld", reason: "no shard was moved" };
  return {
    moves: {
      shards: soFar(each.reduce((sum, { shards }) => sum + shards, 0)),
      mebibytes: soFar(each.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20),
      seconds: each.length === 0 ? none : soFar((lastUs - firstUs) / 1e6),
      longestLockMs:
        // One that nobody told the length of, its answer being lost, may have been the longest.
        locks.length > 0
          ? locks.length < each.length
            ? { kind: "at-least", value: Math.max(...locks) }
            : soFar(Math.max(...locks))
          : each.length === 0
            ? none
            : { kind: "withheld", reason: "the dialect does not tell for how long it locks" },
      // What follows the last one (waiting for service, cleaning up) is undisturbed, and would make it look better.
      endedAtUs: each.length === 0 || commandFailed !== null ? (healedAtUs ?? windowEndUs) : lastUs,
      each: each.map(({ name, shards, from, to, bytes, atUs: endedAtUs, tookMs, lockedMs }) => ({
        ...{ name, shards, from, to, bytes, endedAtUs, tookMs, lockedMs },
      })),
    },
  };
}
